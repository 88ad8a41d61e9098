// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Keeps transitions in the order of their arrival, and the last seen marks of each node. Used by
 * one thread at a time.
 */
interface Journal extends AutoCloseable {
  /**
   * @throws JournalException when it cannot be kept; uncommitted transitions may be lost then
   */
  void append(Transition transition);

  void remember(NodeMarks marks);

  void forget(String node);

  /** The marks of every node, by name. */
  Map<String, NodeMarks> remembered();

  HistoryPage page(HistoryQuery query);

  /** After this call all earlier transitions survive the end of this process. */
  void commit();

  /** Drops the transitions before this moment, and more if its limit requires it. */
  void evict(Instant before);

  /** All transitions, the oldest first. */
  Collection<Transition> all();

  long entries();

  /** Its size in bytes, on disk if it is there. */
  long bytes();

  @Override
  void close();
}
