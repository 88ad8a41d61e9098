// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.Explanation.Advice;
import io.nodeqos.explain.Explanation.Configuration;
import io.nodeqos.explain.Explanation.GateState;
import io.nodeqos.explain.Explanation.Source;
import io.nodeqos.explain.Explanation.Stability;
import io.nodeqos.explain.Explanation.Standing;
import io.nodeqos.gate.GateResult;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.Section;
import io.nodeqos.policy.WarmUp;
import io.nodeqos.policy.WarmUp.Mode;
import io.nodeqos.reconcile.plan.WarmUpMark;
import io.nodeqos.reconcile.plan.WarmUpRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Explains one node. A pure function. */
public final class NodeExplainer {
  public Explanation explain(NodeFacts facts, Knowledge knowledge) {
    boolean warm = WarmUpMark.of(facts.node()).state() == WarmUpMark.State.VALID;
    List<GateReading> gates = counting(facts, warm) ? GateReading.of(facts) : List.of();
    Optional<Instant> begin =
        facts
            .seen()
            .memory()
            .warmUp()
            .map(WarmUpTimes::begin)
            .or(
                () ->
                    WarmUpRequest.of(facts.seen(), facts.config())
                        .filter(request -> !warm)
                        .map(request -> request.begin(facts.seen().now())));
    Finding finding = finding(facts, knowledge, warm, gates);
    return new Explanation(
        facts.node().name(),
        standing(facts, knowledge, warm),
        finding.diagnosis(),
        gates.stream().map(gate -> gate.gate(facts, begin)).toList(),
        finding.causes(),
        advice(facts, finding, warm),
        configuration(facts),
        knowledge.history(),
        knowledge.missing());
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
      NodeFacts facts, Knowledge knowledge, boolean warm, List<GateReading> gates) {
    Summary said = facts.decided().summary();
    StateFinder states = new StateFinder(facts);
    boolean isClosed = gates.stream().anyMatch(gate -> !gate.isOpen());
    if (warm) {
      return BrakeFinder.of(facts, gates, new GateFinder(facts, knowledge))
          .orElseGet(() -> states.warm(said));
    }
    if (said.freeze().isPresent()) {
      return states.frozen(said.freeze().get());
    }
    if (!facts.decided().problem().isEmpty()) {
      return states.refused(facts.decided().problem());
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
    if (isClosed) {
      return new GateFinder(facts, knowledge).findWaiting(gates);
    }
    if (said.reason().equals(Reason.STABILIZING.code())) {
      return states.stabilizing(said);
    }
    return facts.gates().filter(v -> v.state() == GateResult.State.OPEN).isPresent()
        ? states.unmarked()
        : states.other(said);
  }

  private static Standing standing(NodeFacts facts, Knowledge knowledge, boolean warm) {
    NodeView node = facts.node();
    Optional<String> policy = Optional.ofNullable(facts.config().sources().get(Section.WARM_UP));
    Optional<Instant> since =
        warm
            ? time(node.annotations().get(Keys.WARMED_UP_AT))
            : facts.seen().memory().warmUp().map(WarmUpTimes::begin).map(facts::wall);
    return new Standing(
        warm ? NodePhase.WARM : facts.decided().phase(),
        warm,
        facts.at(),
        since.or(() -> facts.decided().since()),
        taint(facts).map(t -> t.key() + ":" + t.effect()),
        policy,
        warm ? Optional.empty() : stability(facts),
        warm ? Optional.empty() : policy.flatMap(p -> UsualTime.of(knowledge.fleet(), p)));
  }

  private static Optional<Stability> stability(NodeFacts facts) {
    return facts
        .config()
        .sections()
        .warmUp()
        .map(WarmUp::stableFor)
        .filter(wanted -> !wanted.isZero())
        .map(wanted -> new Stability(wanted, facts.seen().memory().openSince().map(facts::wall)));
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeException writtenByAnother) {
      return Optional.empty();
    }
  }

  /** Of a node without a policy, a taint whose prefix no other controller has. */
  private static Optional<Taint> taint(NodeFacts facts) {
    Optional<String> key = facts.config().sections().warmUp().map(WarmUp::taintKey);
    return facts.node().taints().stream()
        .filter(t -> key.map(t.key()::equals).orElseGet(() -> t.key().startsWith(Keys.PREFIX)))
        .findFirst();
  }

  private static List<Advice> advice(NodeFacts facts, Finding finding, boolean warm) {
    List<Advice> all = new ArrayList<>(finding.advice());
    if (!warm) {
      taint(facts)
          .ifPresent(
              taint ->
                  all.add(
                      Advice.command(
                          "or let tenants on this one node, warm or not" + putsBack(facts),
                          "kubectl taint node "
                              + facts.node().name()
                              + " "
                              + taint.key()
                              + ":"
                              + taint.effect()
                              + "-")));
    }
    runbook(finding.diagnosis().reason())
        .ifPresent(alert -> all.add(Advice.text("runbook: otel/runbook.md#" + alert)));
    return all;
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
      case "WarmedUp", "Stabilizing", "NoWarmUp" -> Optional.empty();
      case "GateDeadlock" -> Optional.of("nodeqosgatedeadlock");
      case "NoCapacity" -> Optional.of("nodeqosnodeswithoutcapacity");
      case "Suspended", "Invalid", "Deleting" -> Optional.of("nodeqosnodesfrozen");
      case "Braked" -> Optional.of("nodeqosbraked");
      case "WriteRefused" -> Optional.of("nodeqoswritesrejected");
      case "NoPolicy" -> Optional.of("nodeqosorphanstartuptaints");
      default -> Optional.of("nodeqosoldestnodewaitstoolong");
    };
  }

  private static Configuration configuration(NodeFacts facts) {
    NodeView node = facts.node();
    Map<String, Source> sections = new LinkedHashMap<>();
    for (Section section : Section.values()) {
      String policy = facts.config().sources().get(section);
      if (policy != null) {
        sections.put(section.field(), source(facts, section, policy));
      }
    }
    return new Configuration(
        facts.config().version(),
        node.labels().getOrDefault(Keys.CONFIG_VERSION, ""),
        node.annotations().getOrDefault(Keys.APPLIED_VERSION, ""),
        node.annotations().getOrDefault(Keys.LEADER_EPOCH, ""),
        traceId(node.annotations().getOrDefault(Keys.TRACEPARENT, "")),
        sections);
  }

  /** The second part of a W3C traceparent. */
  private static String traceId(String traceparent) {
    String[] parts = traceparent.split("-", 3);
    return parts.length == 3 ? parts[1] : "";
  }

  private static Source source(NodeFacts facts, Section section, String policy) {
    List<NodeQoSPolicy> setting =
        facts.seen().policies().inForce().stream()
            .filter(p -> facts.config().matching().contains(p.name()))
            .filter(p -> p.spec().sections().values().containsKey(section))
            .toList();
    return new Source(
        policy,
        setting.stream()
            .filter(p -> p.name().equals(policy))
            .mapToInt(p -> p.spec().priority())
            .findFirst()
            .orElse(0),
        setting.stream().map(NodeQoSPolicy::name).filter(n -> !n.equals(policy)).toList());
  }

  /** The names of gates that do not count as open, for a summary. */
  static List<String> closed(Explanation explanation) {
    return explanation.gates().stream()
        .filter(g -> g.state() == GateState.CLOSED || g.state() == GateState.UNKNOWN)
        .map(Explanation.Gate::title)
        .toList();
  }
}
