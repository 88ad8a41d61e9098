// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Keeps transitions in the order in which they come, and the marks that each node was last seen
 * with. Used by one thread at a time.
 */
interface Journal extends AutoCloseable {
  /**
   * @throws JournalException when it cannot be kept; what was not committed may be lost then
   */
  void append(Transition transition);

  void remember(NodeMarks marks);

  void forget(String node);

  /** The marks of every node, by name. */
  Map<String, NodeMarks> remembered();

  HistoryPage page(HistoryQuery query);

  /** What was appended before survives the end of this process. */
  void commit();

  /** Forgets what came before this moment, and as much more as its bound demands. */
  void evict(Instant before);

  /** All that is kept, the oldest first. */
  Collection<Transition> all();

  long entries();

  /** What it takes, on disk if it is there. */
  long bytes();

  @Override
  void close();
}
