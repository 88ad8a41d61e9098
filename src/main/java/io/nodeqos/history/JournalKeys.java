// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Keys of entries: the microsecond in which one came, made to rise. */
final class JournalKeys {
  /** Stands between a node's name, which cannot have it, and the key of an entry. */
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

  /** The key by which the entries of one node stand together, in the order in which they came. */
  static String ofNode(String node, long key) {
    return node + NAME_TERMINATOR + String.format("%016x", key);
  }

  /** The reverse of {@link #ofNode}. */
  static long ofEntry(String nodeKey) {
    return Long.parseLong(nodeKey.substring(nodeKey.lastIndexOf(NAME_TERMINATOR) + 1), 16);
  }
}
