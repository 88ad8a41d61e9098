// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Keys of entries: the microsecond in which one came, made to rise. */
final class JournalKeys {
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
}
