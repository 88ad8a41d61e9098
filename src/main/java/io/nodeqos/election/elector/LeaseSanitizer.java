// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaseState;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interprets the fields of the Lease, as any client with permission may write them. No value keeps
 * this process from leading for ever, or makes the API server refuse its writes: times are ignored,
 * and numbers count within bounds. Logs a sentence for each odd field, once while it lasts. Not
 * thread-safe.
 */
final class LeaseSanitizer {
  /** {@code leaseTransitions} is an int32. */
  static final long MAX_TRANSITIONS = Integer.MAX_VALUE;

  /**
   * A longer duration than ours counts up to here: replicas that are being replaced may have
   * another setting. A longer one was written by hand or by mistake, and no fence depends on it.
   */
  static final int MAX_DURATION_FACTOR = 4;

  /** The holders of this controller are the name of a pod and its uid. */
  private static final int MAX_HOLDER_LENGTH = 253 + 1 + 36;

  private static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(LeaseSanitizer.class);

  private final ElectionSettings settings;
  private final TimeSource time;
  private Set<String> reported = Set.of();

  LeaseSanitizer(ElectionSettings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
  }

  /** How long its holder must be silent before another replica may acquire the Lease. */
  Duration duration(LeaseState.Spec spec) {
    Duration ours = settings.leaseDuration();
    Duration theirs = spec.leaseDuration();
    return theirs == null || theirs.compareTo(ours) <= 0 || isAbsurd(theirs) ? ours : theirs;
  }

  private boolean isAbsurd(Duration theirs) {
    return theirs.compareTo(settings.leaseDuration().multipliedBy(MAX_DURATION_FACTOR)) > 0;
  }

  /** {@code leaseTransitions}, within what the API server accepts. */
  static long transitions(LeaseState.Spec spec) {
    return Math.max(0, Math.min(spec.transitions(), MAX_TRANSITIONS));
  }

  /** The number of the term after this one. */
  static long next(long transitions) {
    return transitions < MAX_TRANSITIONS ? transitions + 1 : 1;
  }

  /** Logs the fields of a version that make no sense. */
  void look(LeaseState.Spec spec) {
    Map<String, String> oddities = oddities(spec);
    oddities.forEach(
        (field, sentence) -> {
          if (!reported.contains(field)) {
            LOG.warn("Lease {}: {}", settings.leaseName(), sentence);
          }
        });
    reported = Set.copyOf(oddities.keySet());
  }

  private Map<String, String> oddities(LeaseState.Spec spec) {
    Map<String, String> oddities = new LinkedHashMap<>();
    if (spec.holder() != null) {
      ofHolder(spec, oddities);
    }
    if (spec.transitions() < 0 || spec.transitions() >= MAX_TRANSITIONS) {
      oddities.put(
          "leaseTransitions",
          "leaseTransitions is %d, which cannot be incremented; the next term has the number %d"
              .formatted(spec.transitions(), next(transitions(spec))));
    }
    return oddities;
  }

  private void ofHolder(LeaseState.Spec spec, Map<String, String> oddities) {
    Duration theirs = spec.leaseDuration();
    long ours = settings.leaseDuration().toSeconds();
    if (theirs != null && (theirs.isZero() || theirs.isNegative() || isAbsurd(theirs))) {
      oddities.put(
          "leaseDurationSeconds",
          "leaseDurationSeconds is %d, which is not from 1 to %d; this process uses its own %d"
              .formatted(theirs.toSeconds(), ours * MAX_DURATION_FACTOR, ours));
    }
    if (spec.holder().length() > MAX_HOLDER_LENGTH) {
      oddities.put(
          "holderIdentity",
          "holderIdentity has %d characters, so no replica of this controller wrote it; it counts until it is silent for %ds"
              .formatted(spec.holder().length(), ours));
    }
    if (spec.renewTime() == null) {
      oddities.put(
          "renewTime",
          "renewTime is missing; the %ds count from the last change that this process saw"
              .formatted(ours));
    } else if (spec.renewTime().isAfter(time.wallTime().plus(MAX_SKEW))) {
      oddities.put(
          "renewTime",
          "renewTime %s is ahead of the clock of this process; the %ds count from the last change that this process saw"
              .formatted(spec.renewTime(), ours));
    }
  }
}
