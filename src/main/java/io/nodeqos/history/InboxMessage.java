// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.node.NodeView;
import java.time.Instant;

/** An observation of a node in the cache. */
sealed interface InboxMessage {
  /**
   * The present node.
   *
   * @param epoch the leader term of that moment, by the Lease
   * @param witnessed false when this process did not see the changes before
   */
  record Seen(NodeView node, Instant at, long epoch, boolean witnessed) implements InboxMessage {}

  /** The node is gone. */
  record Deleted(String node) implements InboxMessage {}

  /**
   * Not an observation, but a query that runs after the observations before it. Only the thread of
   * the history reads the file: an interrupt of another thread would close it.
   */
  final class Asked implements InboxMessage {
    private final Runnable answer;

    Asked(Runnable answer) {
      this.answer = answer;
    }

    Runnable answer() {
      return answer;
    }
  }
}
