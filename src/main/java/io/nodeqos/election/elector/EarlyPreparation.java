// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.TermPreparation;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The preparations of terms, begun before the Lease of a silent holder is taken: from then on no
 * other process writes, unless it takes the Lease, which then has another version. Thread-safe.
 */
final class EarlyPreparation {
  /**
   * An older one does not count: its process may have been suspended since. Longer than from the
   * first warning of {@link TermWatch#taking} to the reply of the take.
   */
  static final Duration MAX_AGE = Duration.ofSeconds(1);

  private final TermPreparation preparation;
  private final TimeSource time;

  private String version = "";
  private TimeSource.Moment begun;
  private CompletableFuture<Void> result;

  EarlyPreparation(TermPreparation preparation, TimeSource time) {
    this.preparation = preparation;
    this.time = time;
  }

  /** Begins it, once for each version of the Lease. */
  synchronized void begin(String replaced) {
    if (!version.equals(replaced)) {
      renew(replaced);
    }
  }

  /**
   * That of a term; another one when none was begun for it, or when it failed or is too old.
   *
   * @param replaced the version of the Lease before the term; null when there was none
   */
  synchronized CompletableFuture<Void> of(String replaced) {
    if (!version.equals(replaced) || isTooOld() || result.isCompletedExceptionally()) {
      renew(replaced == null ? "" : replaced);
    }
    return result;
  }

  private void renew(String replaced) {
    version = replaced;
    begun = time.moment();
    result = preparation.begin();
  }

  /** By any clock: one of them stands still during a suspension, the other can be set back. */
  private boolean isTooOld() {
    Duration wall = Duration.between(begun.wall(), time.wallTime());
    return time.since(begun.nanos()).compareTo(MAX_AGE) > 0
        || wall.compareTo(MAX_AGE) > 0
        || wall.isNegative();
  }
}
