// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutSpec.Health;
import io.nodeqos.policy.rollout.RolloutSpec.NewNodes;
import io.nodeqos.policy.rollout.RolloutSpec.OnFailure;
import io.nodeqos.policy.rollout.RolloutSpec.Pause;
import io.nodeqos.policy.rollout.RolloutSpec.Step;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import io.nodeqos.policy.rollout.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rollout from revision {@code a} to {@code b} that a test plays decision by decision: records
 * are written at once, and moves are carried out when the record allows them.
 */
final class PlannerCase {
  static final String A = "aaaaaaaaaa";
  static final String B = "bbbbbbbbbb";
  static final String C = "cccccccccc";
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  final Map<String, RolloutNode> nodes = new TreeMap<>();
  Optional<RolloutState> written = Optional.empty();
  Revisions revisions = new Revisions(A, 1, B);
  RolloutRequest request = RolloutRequest.NONE;
  List<Step> steps = new ArrayList<>();
  int maxConcurrent = 10;
  boolean paused;
  boolean suspended;
  boolean stableKnown = true;
  Share maxFailed = Share.NONE;
  OnFailure onFailure = OnFailure.ROLL_BACK;
  Instant now = START;

  /** Nodes {@code n00}, {@code n01}, … with the stable revision, in three zones. */
  PlannerCase(int size) {
    for (int i = 0; i < size; i++) {
      put(node("n%02d".formatted(i), "z" + i % 3, A, A));
    }
  }

  PlannerCase step(int size) {
    steps.add(new Step(new Share(size, false), Optional.empty()));
    return this;
  }

  PlannerCase step(int size, Pause pause) {
    steps.add(new Step(new Share(size, false), Optional.of(pause)));
    return this;
  }

  static RolloutNode node(String name, String zone, String stable, String carried) {
    return new RolloutNode(
        name,
        zone,
        stable,
        carried,
        Optional.empty(),
        true,
        true,
        false,
        START,
        NodeHealth.HEALTHY);
  }

  void put(RolloutNode node) {
    nodes.put(node.name(), node);
  }

  /** Moved by a leader, and not written yet. */
  static RolloutNode moving(RolloutNode n, String to) {
    return new RolloutNode(
        n.name(),
        n.zone(),
        n.stable(),
        n.carried(),
        Optional.of(to),
        n.settled(),
        n.movable(),
        n.unwell(),
        n.changedAt(),
        n.health());
  }

  static RolloutNode frozen(RolloutNode n) {
    return new RolloutNode(
        n.name(),
        n.zone(),
        n.stable(),
        n.carried(),
        n.moving(),
        n.settled(),
        false,
        n.unwell(),
        n.changedAt(),
        n.health());
  }

  void carries(String name, String revision) {
    RolloutNode n = nodes.get(name);
    put(
        new RolloutNode(
            name,
            n.zone(),
            n.stable(),
            revision,
            Optional.empty(),
            true,
            n.movable(),
            n.unwell(),
            now,
            n.health()));
  }

  private void health(String name, NodeHealth health) {
    RolloutNode n = nodes.get(name);
    put(
        new RolloutNode(
            name,
            n.zone(),
            n.stable(),
            n.carried(),
            n.moving(),
            n.settled(),
            n.movable(),
            !health.healthy(),
            n.changedAt(),
            health));
  }

  void fail(String... names) {
    for (String name : names) {
      health(
          name,
          new NodeHealth(
              false, Optional.of(new Failure(name, now, "PodNotReady", "pod x is not Ready"))));
    }
  }

  void ail(String... names) {
    for (String name : names) {
      health(name, new NodeHealth(false, Optional.empty()));
    }
  }

  void heal(String... names) {
    for (String name : names) {
      health(name, NodeHealth.HEALTHY);
    }
  }

  void seconds(int seconds) {
    now = now.plusSeconds(seconds);
  }

  RolloutDecision decide() {
    return RolloutPlanner.decide(input());
  }

  RolloutInput input() {
    return new RolloutInput(
        new RolloutSpec(
            steps,
            maxConcurrent,
            RolloutSpec.DEFAULT_SPREAD,
            NewNodes.STABLE,
            paused,
            new Health(Duration.ofSeconds(10), Optional.empty(), List.of(), maxFailed),
            onFailure,
            5),
        suspended,
        request,
        revisions,
        stableKnown,
        7,
        written,
        List.copyOf(nodes.values()),
        now);
  }

  /** Decides and writes until the record does not change any more, and carries the moves out. */
  RolloutState settle() {
    for (int i = 0; i < 100; i++) {
      RolloutDecision decision = decide();
      boolean isWritten = written.filter(decision.state()::equals).isPresent();
      if (!decision.isAllowedBy(written)) {
        written = Optional.of(decision.state());
        if (decision.state().phase() == RolloutPhase.COMPLETE) {
          return written.get();
        }
        continue;
      }
      written = Optional.of(decision.state());
      decision.moves().forEach(this::carries);
      if (isWritten && decision.moves().isEmpty()) {
        return written.get();
      }
    }
    throw new AssertionError("there is always something to do: " + written);
  }

  long on(String revision) {
    return nodes.values().stream().filter(n -> n.carried().equals(revision)).count();
  }
}
