// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.time;

import java.time.Duration;

/**
 * When a thread gives up waiting, by the monotonic clock of the machine: a thread waits in real
 * time, so a test cannot move this one. Immutable.
 */
public final class Deadline {
  private final long atNanos;

  private Deadline(long atNanos) {
    this.atNanos = atNanos;
  }

  /** This duration from now. */
  public static Deadline after(Duration limit) {
    return new Deadline(System.nanoTime() + limit.toNanos());
  }

  /** Zero or negative once it is over. */
  public long leftNanos() {
    return atNanos - System.nanoTime();
  }

  public boolean isOver() {
    return leftNanos() <= 0;
  }

  /**
   * The remaining time, rounded up for {@link Object#wait(long)}, which waits for ever for 0: above
   * zero until the deadline is over.
   */
  public long leftMillis() {
    long left = leftNanos();
    return left <= 0 ? 0 : left / 1_000_000 + 1;
  }
}
