// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Stability;
import io.nodeqos.explain.answer.Explanation.Standing;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.explain.fleet.UsualTime;
import io.nodeqos.explain.fleet.WarmedUpNodes;
import io.nodeqos.gate.GateResult;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.policy.spec.WarmUp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The state of a node, and since when it is in it. */
final class StandingReading {
  private StandingReading() {}

  static Standing of(NodeFacts facts, WarmedUpNodes alike, boolean warm) {
    NodeView node = facts.node();
    Optional<String> policy = Optional.ofNullable(facts.config().sources().get(Section.WARM_UP));
    Optional<Instant> since =
        warm
            ? time(node.annotations().get(Keys.WARMED_UP_AT))
            : facts.seen().memory().warmUp().map(WarmUpTimes::begin).flatMap(facts::since);
    // The decision is older than the reboot that has voided the mark.
    boolean isOutdated = !warm && facts.decided().phase() == NodePhase.WARM;
    return new Standing(
        warm ? NodePhase.WARM : isOutdated ? NodePhase.WAITING : facts.decided().phase(),
        warm,
        facts.at(),
        since.or(() -> facts.decided().since().filter(decided -> !isOutdated)),
        taint(facts),
        policy,
        warm ? Optional.empty() : stability(facts),
        warm ? Optional.empty() : policy.flatMap(p -> UsualTime.of(alike)));
  }

  private static Optional<Stability> stability(NodeFacts facts) {
    return facts
        .config()
        .sections()
        .warmUp()
        .map(WarmUp::stableFor)
        .filter(wanted -> !wanted.isZero())
        .map(
            wanted ->
                new Stability(
                    wanted,
                    facts.gates().filter(v -> v.state() == GateResult.State.OPEN).isPresent(),
                    facts.seen().memory().openSince().flatMap(facts::since)));
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeException writtenByAnother) {
      return Optional.empty();
    }
  }

  /**
   * The startup taint as {@code key:effect}: that of the policy that warms it up, else one that no
   * policy removes.
   */
  static Optional<String> taint(NodeFacts facts) {
    Optional<String> key = facts.config().sections().warmUp().map(WarmUp::taintKey);
    return facts.node().taints().stream()
        .filter(t -> key.filter(t.key()::equals).isPresent())
        .findFirst()
        .map(StandingReading::text)
        .or(() -> facts.decided().summary().orphanTaints().stream().findFirst())
        .or(
            () ->
                facts.node().taints().stream()
                    .filter(t -> key.isEmpty() && t.key().startsWith(Keys.PREFIX))
                    .findFirst()
                    .map(StandingReading::text));
  }

  private static String text(Taint taint) {
    return taint.key() + ":" + taint.effect();
  }
}
