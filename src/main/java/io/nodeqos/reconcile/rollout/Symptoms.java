// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.reconcile.fleet.NodeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what is wrong with a node: a pure function of what is watched anyway. */
final class Symptoms {
  private static final List<String> PRESSURES =
      List.of("MemoryPressure", "DiskPressure", "PIDPressure");
  private static final String READY = "Ready";
  private static final String GATE_CLOSED = "GateClosed";

  /**
   * A refused write is tried again within a minute: a permission that was missing for a moment says
   * nothing about the revision.
   */
  private static final Duration TRIED_AGAIN = Duration.ofSeconds(90);

  private final RolloutSpec.Health wanted;

  Symptoms(RolloutSpec.Health wanted) {
    this.wanted = wanted;
  }

  /**
   * @param wasWarm whether the node has been warm: before that its warm-up may take as long as
   *     images and agents need, as its gates have not closed, but not opened yet
   */
  List<Symptom> of(NodeView node, ReservedState reserved, NodeState state, boolean wasWarm) {
    List<Symptom> all = new ArrayList<>();
    if (node.condition(READY).filter(NodeCondition::isTrue).isEmpty()) {
      all.add(ofCondition(node, READY, "NotReady", "the node is not Ready"));
    }
    for (String pressure : PRESSURES) {
      if (node.condition(pressure).filter(NodeCondition::isTrue).isPresent()) {
        all.add(ofCondition(node, pressure, "Pressure", "condition " + pressure + " is True"));
      }
    }
    for (RolloutSpec.Condition condition : wanted.conditions()) {
      String status = node.condition(condition.type()).map(NodeCondition::status).orElse("absent");
      if (!status.equals(condition.status())) {
        all.add(
            ofCondition(
                node,
                condition.type(),
                "ConditionLost",
                "condition " + condition.type() + " is " + status));
      }
    }
    reserved.pods().stream()
        .filter(p -> !p.state().ready() && !p.finished() && !p.state().deleting())
        .forEach(p -> all.add(ofPod(p)));
    applyError(node).ifPresent(all::add);
    ofState(state, wasWarm).ifPresent(all::add);
    return all;
  }

  private static Symptom ofCondition(NodeView node, String type, String reason, String message) {
    Optional<Instant> since =
        node.condition(type)
            .map(NodeCondition::lastTransitionTime)
            .filter(at -> at.isAfter(Instant.EPOCH));
    return new Symptom(reason + "/" + type, reason, message, since, Optional.of(Symptom.RESTART));
  }

  /** A DaemonSet replaces its pod: the trouble is that of the DaemonSet on the node. */
  private static Symptom ofPod(PodView pod) {
    String owner = pod.ownerUid().isEmpty() ? pod.meta().uid() : pod.ownerUid();
    return Symptom.passing(
        "Pod/" + owner,
        "PodNotReady",
        "pod " + pod.namespace() + "/" + pod.name() + " is not Ready");
  }

  /** The agent speaks of the configuration that the node has now. */
  private static Optional<Symptom> applyError(NodeView node) {
    String version = node.labels().getOrDefault(Keys.CONFIG_VERSION, "");
    String error = node.annotations().getOrDefault(Keys.APPLY_ERROR, "");
    return !version.isEmpty() && error.startsWith(version + " ")
        ? Optional.of(
            new Symptom(
                "ApplyError/" + version,
                "ApplyError",
                "the agent says: " + error.substring(version.length() + 1).strip(),
                Optional.empty(),
                Optional.of(Duration.ZERO)))
        : Optional.empty();
  }

  private Optional<Symptom> ofState(NodeState state, boolean wasWarm) {
    if (!state.problem().isEmpty()) {
      return Optional.of(
          new Symptom(
              "WriteRefused",
              "WriteRefused",
              state.problem(),
              Optional.empty(),
              Optional.of(TRIED_AGAIN)));
    }
    String message = state.summary().map(NodePlan.Summary::message).orElse("");
    if (state.isIn(NodePhase.PENDING)) {
      return Optional.of(Symptom.passing("NotConfigured", "NotConfigured", message));
    }
    if (!state.isIn(NodePhase.WAITING) || state.freeze().isPresent()) {
      return Optional.empty();
    }
    String reason = state.summary().map(NodePlan.Summary::reason).orElse("");
    return Optional.of(
        reason.equals(Reason.STABILIZING.code())
            ? new Symptom(reason, reason, message, Optional.empty(), Optional.empty())
            : new Symptom(
                GATE_CLOSED,
                GATE_CLOSED,
                message,
                Optional.empty(),
                wasWarm ? Optional.of(gateGrace()) : Optional.empty()));
  }

  /** The gate may be the one that waits for the acknowledgement. */
  private Duration gateGrace() {
    return wanted
        .ackWithin()
        .filter(within -> within.compareTo(Symptom.RESTART) > 0)
        .orElse(Symptom.RESTART);
  }
}
