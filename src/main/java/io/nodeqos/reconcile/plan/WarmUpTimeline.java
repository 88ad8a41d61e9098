// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.Blocker;
import io.nodeqos.gate.Evidence;
import io.nodeqos.gate.GateCheck;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.WarmUpTimes.Accuracy;
import io.nodeqos.node.WarmUpTimes.GateTimes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records how the time of a warm-up is spent, gate by gate. A pure function of the remembered times
 * and the present answers of the gates. A process that did not see the start of the warm-up reads
 * the start from the Node, and the times at which gates opened from evidence in the cluster.
 */
final class WarmUpTimeline {
  private WarmUpTimeline() {}

  static WarmUpTimes next(
      Optional<WarmUpTimes> before, Instant begin, List<GateCheck> checks, Instant now) {
    Map<String, GateTimes> gates = new LinkedHashMap<>();
    for (GateCheck check : checks) {
      GateTimes known = before.map(b -> b.gates().get(check.name())).orElse(null);
      GateTimes times =
          known == null
              ? first(check, before.isEmpty() ? begin : now, now)
              : check.open() ? opened(known, check, now) : closed(known, check);
      gates.put(check.name(), times);
    }
    return new WarmUpTimes(
        before.map(WarmUpTimes::begin).orElse(begin), Map.copyOf(gates), Optional.empty());
  }

  /** A new gate is awaited since the start of the warm-up, or since it was added. */
  private static GateTimes first(GateCheck check, Instant awaited, Instant now) {
    if (!check.open()) {
      return new GateTimes(
          check.kind().code(), awaited, Optional.empty(), Accuracy.OBSERVED, blocker(check));
    }
    Optional<Evidence> evidence = check.result().evidence();
    return new GateTimes(
        check.kind().code(),
        awaited,
        Optional.of(evidence.map(e -> within(e.at(), awaited, now)).orElse(now)),
        evidence.isPresent() ? Accuracy.EVIDENCE : Accuracy.FIRST_SEEN,
        evidence.map(Evidence::object).orElse(blocker(check)));
  }

  private static GateTimes opened(GateTimes known, GateCheck check, Instant now) {
    return known.openSince().isPresent()
        ? known
        : new GateTimes(
            known.kind(),
            known.awaitedSince(),
            Optional.of(now),
            Accuracy.OBSERVED,
            check.result().evidence().map(Evidence::object).orElse(known.blocker()));
  }

  private static GateTimes closed(GateTimes known, GateCheck check) {
    return new GateTimes(
        known.kind(), known.awaitedSince(), Optional.empty(), Accuracy.OBSERVED, blocker(check));
  }

  private static String blocker(GateCheck check) {
    return check.result().blockers().stream()
        .min(Blocker.OLDEST_FIRST)
        .map(Blocker::object)
        .orElse("");
  }

  private static Instant within(Instant at, Instant from, Instant to) {
    return at.isBefore(from) ? from : at.isAfter(to) ? to : at;
  }
}
