// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import java.io.IOException;
import java.util.Optional;

/** Reads the status of single pods, which no cache holds. Thread-safe; one request a call. */
public interface PodStatuses {
  /**
   * Reads one pod.
   *
   * @return empty when there is no such pod
   * @throws IOException when it cannot be read; the message is a clause
   */
  Optional<PodTrouble> pod(String namespace, String name) throws IOException;

  /**
   * Reads the pod that a DaemonSet has created for a node, and that is not scheduled yet.
   *
   * @return empty when there is none
   * @throws IOException when it cannot be read; the message is a clause
   */
  Optional<PodTrouble> unscheduled(String namespace, String daemonSetUid, String node)
      throws IOException;
}
