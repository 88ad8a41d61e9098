// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.lease;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks since when the API server refuses requests for the Lease: a replica without permission can
 * never lead, which readiness and the log must report. Thread-safe.
 */
public final class LeaseRefusals {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseRefusals.class);

  /** A starting API server refuses for some seconds requests that it allows later. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration REMINDER = Duration.ofMinutes(5);

  /** The result of an older request says nothing about now. */
  private static final Duration STALE = Duration.ofMinutes(1);

  private final String namespace;
  private final String name;
  private final TimeSource time;
  private final Map<String, Refusal> byMethod = new HashMap<>();
  private Optional<Long> toldNanos = Optional.empty();

  private record Refusal(long firstNanos, long lastNanos, String why) {}

  /** Of a Lease. */
  public LeaseRefusals(String namespace, String name) {
    this(namespace, name, TimeSource.system());
  }

  LeaseRefusals(String namespace, String name, TimeSource time) {
    this.namespace = namespace;
    this.name = name;
    this.time = time;
  }

  /** Requests of this HTTP method pass. */
  synchronized void accepted(String method) {
    if (byMethod.remove(method) != null && byMethod.isEmpty() && toldNanos.isPresent()) {
      LOG.info("Access to Lease {}/{} works again", namespace, name);
      toldNanos = Optional.empty();
    }
  }

  /** A request of this HTTP method was refused, for which no retry is the cure. */
  synchronized void refused(String method, String why) {
    long now = time.nanos();
    byMethod.merge(
        method,
        new Refusal(now, now, why),
        (before, latest) ->
            time.since(before.lastNanos()).compareTo(STALE) > 0
                ? latest
                : new Refusal(before.firstNanos(), now, why));
    Optional<String> sentence = lasting();
    if (sentence.isPresent()
        && toldNanos.filter(at -> time.since(at).compareTo(REMINDER) < 0).isEmpty()) {
      LOG.warn("{}", sentence.get());
      toldNanos = Optional.of(now);
    }
  }

  /** A sentence when the API server has been refusing for half a minute; else empty. */
  public synchronized Optional<String> lasting() {
    return byMethod.values().stream()
        .filter(r -> time.since(r.firstNanos()).compareTo(GRACE) >= 0)
        .filter(r -> time.since(r.lastNanos()).compareTo(STALE) <= 0)
        .max(Comparator.comparingLong(r -> time.since(r.firstNanos()).toNanos()))
        .map(
            r ->
                "This replica cannot lead: the API server has refused access for "
                    + time.since(r.firstNanos()).toSeconds()
                    + "s to Lease "
                    + namespace
                    + "/"
                    + name
                    + ": "
                    + r.why()
                    + ". The namespace comes from the variable POD_NAMESPACE, else from the pod's"
                    + " service account, else it is default");
  }
}
