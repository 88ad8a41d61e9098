// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the fields of the Lease are taken for, as anybody may write them. No value keeps this
 * process from leading for ever, or makes the API server refuse what it writes: times are not
 * looked at, and numbers count within bounds. Says so in the log, a sentence for each field, once
 * while it lasts. Not thread-safe.
 */
final class LeaseSense {
  /** {@code leaseTransitions} is an int32. */
  static final long MAX_TRANSITIONS = Integer.MAX_VALUE;

  /**
   * A longer duration than ours counts up to here: replicas that are being replaced may have
   * another setting. One beyond was made by hand or by mistake, and nobody's fence was made from
   * it.
   */
  static final int MAX_DURATION_FACTOR = 4;

  /** Ours are the name of a pod and its uid. */
  private static final int MAX_HOLDER_LENGTH = 253 + 1 + 36;

  private static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(LeaseSense.class);

  private final ElectionSettings settings;
  private final TimeSource time;
  private Set<String> reported = Set.of();

  LeaseSense(ElectionSettings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
  }

  /** How long its holder must be silent before another may take the Lease. */
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

  /** Tells what of a version that was seen makes no sense. */
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
          "leaseTransitions is %d, which nobody can count on from; the next term has the number %d."
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
          "leaseDurationSeconds is %d, which is not from 1 to %d; the %d of this process count."
              .formatted(theirs.toSeconds(), ours * MAX_DURATION_FACTOR, ours));
    }
    if (spec.holder().length() > MAX_HOLDER_LENGTH) {
      oddities.put(
          "holderIdentity",
          "holderIdentity has %d characters, so no replica of this controller wrote it; it counts until it is silent for %d s."
              .formatted(spec.holder().length(), ours));
    }
    if (spec.renewTime() == null) {
      oddities.put(
          "renewTime",
          "renewTime is missing; the %d s count from when this process saw the last change."
              .formatted(ours));
    } else if (spec.renewTime().isAfter(time.wallTime().plus(MAX_SKEW))) {
      oddities.put(
          "renewTime",
          "renewTime %s is ahead of the clock of this process; the %d s count from when this process saw the last change."
              .formatted(spec.renewTime(), ours));
    }
  }
}
