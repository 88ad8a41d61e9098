// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Gate;
import io.nodeqos.explain.answer.Explanation.GateState;
import io.nodeqos.explain.answer.Explanation.Timeout;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.gate.Blocker;
import io.nodeqos.gate.Evidence;
import io.nodeqos.gate.GateCheck;
import io.nodeqos.gate.GateResult;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.WarmUpTimes.Accuracy;
import io.nodeqos.node.WarmUpTimes.GateTimes;
import io.nodeqos.policy.spec.PolicySpec.Images;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.policy.spec.WarmUp.GateSpec;
import io.nodeqos.policy.spec.WarmUp.OnTimeout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One gate of a node: its entry in the policy, its present answer, and its place there.
 *
 * @param index position among the gates of its kind
 */
record GateReading(GateSpec spec, GateCheck check, int index) {
  /** The gates in the order of the policy. */
  static List<GateReading> of(NodeFacts facts) {
    if (facts.gates().isEmpty()) {
      return List.of();
    }
    List<GateSpec> specs = facts.config().sections().warmUp().orElseThrow().gates();
    List<GateCheck> checks = facts.gates().get().checks();
    List<GateReading> readings = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      GateSpec spec = specs.get(i);
      int before = (int) specs.subList(0, i).stream().filter(s -> s.kind() == spec.kind()).count();
      readings.add(new GateReading(spec, checks.get(i), before));
    }
    return List.copyOf(readings);
  }

  boolean isOpen() {
    return check.open();
  }

  GateState state() {
    if (check.open()) {
      return check.result().state() == GateResult.State.OPEN ? GateState.OPEN : GateState.RELEASED;
    }
    return check.result().state() == GateResult.State.WAITING
        ? GateState.CLOSED
        : GateState.UNKNOWN;
  }

  /** JSON pointer of its entry below {@code /spec/warmUp}. */
  String pointer() {
    return switch (spec.kind()) {
      case NODE_READY, IMAGES, CONFIG_APPLIED -> spec.kind().field();
      case CONDITION, RESERVED_PODS, RESOURCE, CSI_DRIVER -> spec.kind().field() + "/" + index;
    };
  }

  /** The field of the policy, and the object that it names there. */
  String title(NodeFacts facts) {
    return (spec.kind().field() + " " + subject(facts)).strip();
  }

  private String subject(NodeFacts facts) {
    return spec.accept(new Subject(facts.config().sections().images()));
  }

  Gate gate(NodeFacts facts, Optional<Instant> begin) {
    return new Gate(
        spec.kind(),
        subject(facts),
        state(),
        since(facts),
        detail(),
        spec.timing()
            .timeout()
            .flatMap(
                limit ->
                    begin.map(
                        at ->
                            new Timeout(
                                facts.wall(at).plus(limit),
                                spec.timing().onTimeout() == OnTimeout.RELEASE))));
  }

  /** Evidence has the time of the cluster, and the memory that of decisions. */
  private Optional<Instant> since(NodeFacts facts) {
    NodeMemory memory = facts.seen().memory();
    Optional<GateTimes> times =
        memory.warmUp().map(WarmUpTimes::gates).map(gates -> gates.get(check.name()));
    if (check.result().state() == GateResult.State.OPEN) {
      return times
          .filter(t -> t.accuracy() == Accuracy.OBSERVED)
          .flatMap(GateTimes::openSince)
          .map(facts::wall)
          .or(() -> check.result().evidence().map(Evidence::at));
    }
    return Optional.ofNullable(memory.closedSince().get(check.name()))
        .or(() -> times.map(GateTimes::awaitedSince))
        .or(() -> check.result().blockers().stream().min(Blocker.OLDEST_FIRST).map(Blocker::since))
        .flatMap(facts::since);
  }

  private String detail() {
    if (check.result().state() == GateResult.State.OPEN) {
      return check.result().evidence().map(Evidence::object).orElse("");
    }
    return check.result().blockers().stream().map(Blocker::text).collect(Collectors.joining("; "));
  }

  /** The object that a policy names in a gate. */
  private record Subject(Optional<Images> images) implements WarmUp.GateVisitor<String> {
    @Override
    public String visit(WarmUp.NodeReady gate) {
      return "";
    }

    @Override
    public String visit(WarmUp.Condition gate) {
      return gate.type() + "=" + gate.status();
    }

    @Override
    public String visit(WarmUp.ReservedPods gate) {
      return (gate.namespace() + " " + gate.selector().text()).strip();
    }

    @Override
    public String visit(WarmUp.Resource gate) {
      return gate.name();
    }

    @Override
    public String visit(WarmUp.CsiDriver gate) {
      return gate.name();
    }

    @Override
    public String visit(WarmUp.ImagesPresent gate) {
      return images.map(i -> "(" + i.images().size() + ")").orElse("");
    }

    @Override
    public String visit(WarmUp.ConfigApplied gate) {
      return "";
    }
  }
}
