// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pause after a failed request on the Lease: from a quarter of the retry period, doubled up to
 * all of it, spread by the identity so that replicas do not retry in step. Logs each kind of
 * failure once. Not thread-safe.
 */
final class RetryPause {

  private static final Logger LOG = LoggerFactory.getLogger(RetryPause.class);
  private static final int MAX_UNDELAYED_CONFLICTS = 3;

  private final TimeSource time;
  private final ElectionSettings settings;
  private final String what;
  private final int salt;

  private int failures;
  private int conflicts;
  private long since;
  private Duration pause = Duration.ZERO;
  private String sentence = "";

  /**
   * @param what the kind of request, for the log: "Reading", "Writing"
   */
  RetryPause(TimeSource time, ElectionSettings settings, String what, String identity) {
    this.time = time;
    this.settings = settings;
    this.what = what;
    this.salt = identity.hashCode();
  }

  boolean isPausing() {
    return time.since(since).compareTo(pause) < 0;
  }

  /**
   * A request was answered.
   *
   * @param leading whether this process is the leader
   */
  void answered(LeaseResult result, boolean leading) {
    if (result instanceof LeaseResult.Failed failure) {
      failed(failure, leading);
    } else if (result instanceof LeaseResult.Conflict) {
      conflicted();
    } else {
      succeeded();
    }
  }

  private void succeeded() {
    if (!sentence.isEmpty()) {
      LOG.info("{} Lease {} works again", what, settings.leaseName());
    }
    failures = 0;
    conflicts = 0;
    pause = Duration.ZERO;
    sentence = "";
  }

  /**
   * A leader has little time: it retries within the retry period, whatever Retry-After the server
   * sends.
   */
  private void failed(LeaseResult.Failed failure, boolean leading) {
    if (!failure.sentence().equals(sentence)) {
      sentence = failure.sentence();
      LOG.warn("{} Lease {} failed: {}", what, settings.leaseName(), sentence);
    }
    Duration atLeast = failure.retryAfter().orElse(Duration.ZERO);
    Duration atMost = leading ? settings.retryPeriod() : settings.leaseDuration();
    Duration own = next();
    Duration wanted = own.compareTo(atLeast) > 0 ? own : atLeast;
    begin(wanted.compareTo(atMost) > 0 ? atMost : wanted);
  }

  /** A read follows a conflict at once, but not for ever. */
  private void conflicted() {
    conflicts++;
    if (conflicts > MAX_UNDELAYED_CONFLICTS) {
      begin(next());
    }
  }

  private Duration next() {
    long base = (settings.retryPeriod().toNanos() / 4) << Math.min(failures, 2);
    failures++;
    double spread = 0.75 + 0.5 * Math.floorMod(31 * salt + 17 * failures, 101) / 101.0;
    return Duration.ofNanos((long) (base * spread));
  }

  private void begin(Duration length) {
    pause = length;
    since = time.nanos();
  }
}
