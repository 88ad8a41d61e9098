// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The settings {@code leaderElection.*}. Every replica must have the same values.
 *
 * @param enabled false: this process always leads, without a Lease; safe with one replica only
 * @param leaseName name of the Lease in the controller's namespace
 * @param leaseDuration how long other replicas must wait before they take a Lease that is not
 *     renewed; whole seconds
 * @param renewDeadline a leader that could not renew for so long gives up leadership
 * @param retryPeriod how often the leader renews
 */
public record ElectionSettings(
    boolean enabled,
    String leaseName,
    Duration leaseDuration,
    Duration renewDeadline,
    Duration retryPeriod) {

  private static final Duration MIN_MARGIN = Duration.ofMillis(1500);
  private static final Duration CALL_MARGIN = Duration.ofMillis(500);
  private static final Pattern DNS_SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  /** 15 s / 10 s / 2 s, the defaults of client-go. */
  public static ElectionSettings defaults() {
    return of(15, 10, 2);
  }

  /** 6 s / 3 s / 1 s: a crash costs six seconds, for a renewal every second. */
  public static ElectionSettings fast() {
    return of(6, 3, 1);
  }

  private static ElectionSettings of(int lease, int deadline, int retry) {
    return new ElectionSettings(
        true,
        "node-qos-controller",
        Duration.ofSeconds(lease),
        Duration.ofSeconds(deadline),
        Duration.ofSeconds(retry));
  }

  /** The fence closes so long before the Lease expires for other replicas. */
  public Duration margin() {
    Duration fifth = leaseDuration.dividedBy(5);
    return fifth.compareTo(MIN_MARGIN) > 0 ? fifth : MIN_MARGIN;
  }

  /**
   * The longest time that a write may be in flight: one sent just before the fence closed has ended
   * before the next leader may start. Every client that writes as the leader must use it, or less.
   */
  public Duration callTimeout() {
    return margin().minus(CALL_MARGIN);
  }

  /** The longest time of a request on the Lease: two of them fit into the renew deadline. */
  public Duration leaseCallTimeout() {
    Duration half = renewDeadline.dividedBy(2);
    return half.compareTo(callTimeout()) < 0 ? half : callTimeout();
  }

  /**
   * The problems that make these settings unsafe or impossible, a sentence each; may be empty. The
   * settings of a disabled election are not checked.
   */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!enabled) {
      return problems;
    }
    if (leaseName.length() > 253 || !DNS_SUBDOMAIN.matcher(leaseName).matches()) {
      problems.add("leaderElection.leaseName \"" + leaseName + "\" is not a DNS subdomain");
    }
    boolean positive = positive("leaseDuration", leaseDuration, problems);
    positive &= positive("renewDeadline", renewDeadline, problems);
    positive &= positive("retryPeriod", retryPeriod, problems);
    if (!positive) {
      return problems;
    }
    if (leaseDuration.toNanosPart() != 0) {
      problems.add(
          "leaderElection.leaseDuration "
              + text(leaseDuration)
              + " must be whole seconds, as a Lease stores no fractions");
    }
    if (renewDeadline.compareTo(retryPeriod) <= 0) {
      problems.add(
          "leaderElection.renewDeadline "
              + text(renewDeadline)
              + " must be longer than retryPeriod "
              + text(retryPeriod));
    }
    Duration sum = retryPeriod.plus(renewDeadline).plus(margin());
    if (sum.compareTo(leaseDuration) > 0) {
      problems.add(
          "leaderElection: retryPeriod %s + renewDeadline %s + margin %s = %s is more than leaseDuration %s: a leader could still write after the next leader has started"
              .formatted(
                  text(retryPeriod),
                  text(renewDeadline),
                  text(margin()),
                  text(sum),
                  text(leaseDuration)));
    }
    return problems;
  }

  private static boolean positive(String name, Duration value, List<String> problems) {
    if (value.isZero() || value.isNegative()) {
      problems.add("leaderElection." + name + " must be longer than zero");
      return false;
    }
    return true;
  }

  private static String text(Duration d) {
    return d.toMillisPart() == 0 && d.toNanosPart() == 0
        ? d.toSeconds() + "s"
        : d.toNanos() / 1_000_000 / 1000.0 + "s";
  }
}
