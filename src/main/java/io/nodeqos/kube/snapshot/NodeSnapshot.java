// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import io.nodeqos.explain.PodTrouble;
import io.nodeqos.preview.ClusterSnapshot;
import java.util.Map;

/**
 * One node with its own objects and all policies.
 *
 * @param cluster has this node alone
 * @param pods the trouble of its pods that are not Ready, by namespace/name
 */
public record NodeSnapshot(ClusterSnapshot cluster, Map<String, PodTrouble> pods) {
  public NodeSnapshot {
    pods = Map.copyOf(pods);
  }
}
