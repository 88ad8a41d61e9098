// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.fleet.Fleet;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.explain.fleet.WarmedUpNodes;
import io.nodeqos.gate.GateResult;
import io.nodeqos.node.Reason;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.policy.spec.WarmUp.Mode;
import io.nodeqos.reconcile.plan.WarmUpMark;
import io.nodeqos.reconcile.plan.WarmUpRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains one node. Thread-safe. */
public final class NodeExplainer {
  private final Fleet fleet;
  private final String controller;

  /**
   * @param fleet the other nodes
   * @param controller namespace of the controller, for commands
   */
  public NodeExplainer(Fleet fleet, String controller) {
    this.fleet = fleet;
    this.controller = controller;
  }

  public Explanation explain(NodeFacts facts, Knowledge knowledge) {
    boolean warm = WarmUpMark.of(facts.node()).state() == WarmUpMark.State.VALID;
    List<GateReading> gates = counting(facts, warm) ? GateReading.of(facts) : List.of();
    WarmedUpNodes alike =
        new WarmedUpNodes(
            fleet,
            facts.seen().policies(),
            facts.config().sources().getOrDefault(Section.WARM_UP, ""));
    GateFinder closed =
        new GateFinder(
            facts, knowledge.pods(), new PeerSearch(fleet, alike, facts.node()), controller);
    Finding finding = finding(facts, warm, gates, closed);
    return new Explanation(
        facts.node().name(),
        StandingReading.of(facts, alike, warm),
        finding.diagnosis(),
        gates.stream().map(gate -> gate.gate(facts, begin(facts, warm))).toList(),
        finding.causes(),
        advice(facts, finding, warm),
        ConfigurationReading.of(facts, knowledge.history()),
        knowledge.history(),
        knowledge.missing());
  }

  private static Optional<Instant> begin(NodeFacts facts, boolean warm) {
    return facts
        .seen()
        .memory()
        .warmUp()
        .map(WarmUpTimes::begin)
        .or(
            () ->
                WarmUpRequest.of(facts.seen(), facts.config())
                    .filter(request -> !warm)
                    .map(request -> request.begin(facts.seen().now())));
  }

  /** In mode Bootstrap the gates of a warm node do not count. */
  private static boolean counting(NodeFacts facts, boolean warm) {
    return !warm
        || facts
            .config()
            .sections()
            .warmUp()
            .filter(warmUp -> warmUp.mode() == Mode.CONTINUOUS)
            .isPresent();
  }

  private static Finding finding(
      NodeFacts facts, boolean warm, List<GateReading> gates, GateFinder closed) {
    Summary said = facts.decided().summary();
    StateFinder states = new StateFinder(facts);
    Optional<Finding> awaitsStep = new RolloutReading(facts).awaitsStep();
    if (said.freeze().isPresent()) {
      return states.frozen(said.freeze().get());
    }
    if (warm) {
      return BrakeFinder.of(facts, gates, closed)
          .or(states::orphanTaint)
          .orElseGet(() -> states.warm(said));
    }
    if (!facts.decided().problem().isEmpty()) {
      return states.refused(facts.decided().problem());
    }
    if (facts.config().sections().warmUp().isEmpty() && awaitsStep.isPresent()) {
      return awaitsStep.get();
    }
    if (said.phase() == NodePhase.UNMANAGED) {
      return states.unmanaged();
    }
    if (!facts.node().hasCapacity()) {
      return states.noCapacity();
    }
    if (said.reason().equals(Reason.NOT_CONFIGURED.code())) {
      return states.notConfigured(said);
    }
    if (facts.config().sections().warmUp().isEmpty()) {
      return states.notWarmedUp();
    }
    if (gates.stream().anyMatch(gate -> !gate.isOpen())) {
      return closed.findWaiting(gates);
    }
    if (said.reason().equals(Reason.STABILIZING.code())) {
      return states.stabilizing(said);
    }
    return facts.gates().filter(v -> v.state() == GateResult.State.OPEN).isPresent()
        ? states.unmarked()
        : states.other(said);
  }

  private static List<Advice> advice(NodeFacts facts, Finding finding, boolean warm) {
    List<Advice> all = new ArrayList<>(finding.advice());
    all.addAll(new StateFinder(facts).unreadVersions());
    if (!warm) {
      StandingReading.taint(facts).ifPresent(taint -> all.add(untaint(facts, taint)));
    }
    runbook(finding.diagnosis().reason())
        .ifPresent(alert -> all.add(Advice.text("runbook: otel/runbook.md#" + alert)));
    return all;
  }

  private static Advice untaint(NodeFacts facts, String taint) {
    return Advice.command(
        "or let tenants on this one node, warm or not" + putsBack(facts),
        "kubectl taint node " + facts.node().name() + " " + taint + "-");
  }

  private static String putsBack(NodeFacts facts) {
    return facts
        .config()
        .sections()
        .warmUp()
        .filter(WarmUp::taintNewNodes)
        .map(w -> " (the policy has taintNewNodes: it may put the taint back)")
        .orElse("");
  }

  private static Optional<String> runbook(String reason) {
    return switch (reason) {
      case "WarmedUp", "Stabilizing", "NoWarmUp", "AwaitsRollout" -> Optional.empty();
      case "GateDeadlock" -> Optional.of("nodeqosgatedeadlock");
      case "NoCapacity" -> Optional.of("nodeqosnodeswithoutcapacity");
      case "Suspended", "RevisionUnknown", "Invalid", "Deleting" ->
          Optional.of("nodeqosnodesfrozen");
      case "Braked" -> Optional.of("nodeqosbraked");
      case "WriteRefused" -> Optional.of("nodeqoswritesrejected");
      case "NoPolicy", "OrphanStartupTaint" -> Optional.of("nodeqosorphanstartuptaints");
      default -> Optional.of("nodeqosoldestnodewaitstoolong");
    };
  }
}
