// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.node.NodeView;
import java.time.Instant;

/** What the cache has told of a node. */
sealed interface Observation {
  /**
   * The node as it is now.
   *
   * @param epoch the leader term of that moment, by the Lease
   * @param witnessed false when nobody watched what led there
   */
  record Seen(NodeView node, Instant at, long epoch, boolean witnessed) implements Observation {}

  /** The node is gone. */
  record Deleted(String node) implements Observation {}

  /**
   * No observation, but a question that wants to come after those before it. The file is read by
   * its own thread only: an interrupt of another one would close it.
   */
  record Asked(Runnable answer) implements Observation {}
}
