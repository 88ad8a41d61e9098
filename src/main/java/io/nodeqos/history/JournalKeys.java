// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Keys of entries: the microsecond of their arrival, strictly ascending. */
final class JournalKeys {
  /** Separates a node's name, which cannot contain it, from the key of an entry. */
  private static final char NAME_TERMINATOR = '/';

  private long last;

  JournalKeys() {
    this(0);
  }

  JournalKeys(long last) {
    this.last = last;
  }

  long next(Instant at) {
    last = Math.max(last + 1, of(at));
    return last;
  }

  static long of(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  /** The key that keeps the entries of one node adjacent, in the order of their arrival. */
  static String ofNode(String node, long key) {
    return node + NAME_TERMINATOR + String.format("%016x", key);
  }

  /** The reverse of {@link #ofNode}. */
  static long ofEntry(String nodeKey) {
    return Long.parseLong(nodeKey.substring(nodeKey.lastIndexOf(NAME_TERMINATOR) + 1), 16);
  }
}
