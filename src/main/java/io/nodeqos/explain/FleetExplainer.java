// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.FleetExplanation;
import io.nodeqos.explain.answer.FleetExplanation.Group;
import io.nodeqos.explain.fleet.Fleet;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.WarmUpTimes.GateTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.spec.GateKind;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Sums the causes of all nodes that are not warm: passes once over the nodes. Thread-safe. */
public final class FleetExplainer {
  private final Fleet fleet;
  private final TimeSource time;

  public FleetExplainer(Fleet fleet, TimeSource time) {
    this.fleet = fleet;
    this.time = time;
  }

  private record Cause(String blocker, String reason) {}

  private record Waiting(String node, Optional<Instant> since) {}

  /**
   * All nodes.
   *
   * @param state sentences about policies
   */
  public FleetExplanation all(List<String> state, List<String> missing) {
    return explain("", state, fleet.members(), missing);
  }

  /**
   * The nodes that a policy selects.
   *
   * @param state sentences about the policy itself
   */
  public FleetExplanation ofPolicy(String policy, List<String> state, List<String> missing) {
    return explain(
        policy,
        state,
        fleet.members().filter(m -> m.decided().matching().contains(policy)),
        missing);
  }

  private FleetExplanation explain(
      String policy, List<String> state, Stream<Fleet.Member> members, List<String> missing) {
    int[] counts = new int[2];
    Map<Cause, List<Waiting>> causes = new HashMap<>();
    members.forEach(
        member -> {
          counts[0]++;
          if (member.phase() == NodePhase.WARM) {
            counts[1]++;
          } else {
            add(member, causes);
          }
        });
    List<Group> groups = new ArrayList<>();
    causes.forEach((cause, waiting) -> groups.add(group(cause, waiting)));
    groups.sort(
        Comparator.comparing((Group g) -> -g.nodes().size())
            .thenComparing(Group::blocker)
            .thenComparing(Group::reason));
    return new FleetExplanation(
        policy, state, wall(time.steadyTime()), counts[0], counts[1], groups, missing);
  }

  private Instant wall(Instant steady) {
    return time.wallTime(steady);
  }

  /** A wait that starts with this question has begun before, at a time that is not known. */
  private boolean isPast(Instant steady) {
    return steady.isBefore(time.steadyTime().minusMillis(1));
  }

  private Group group(Cause cause, List<Waiting> waiting) {
    waiting.sort(
        Comparator.comparing((Waiting w) -> w.since().orElse(Instant.MAX))
            .thenComparing(Waiting::node));
    return new Group(
        cause.blocker(),
        cause.reason(),
        "",
        waiting.get(0).since().filter(this::isPast).map(this::wall),
        waiting.stream().map(Waiting::node).toList());
  }

  private void add(Fleet.Member member, Map<Cause, List<Waiting>> causes) {
    Summary said = member.decided();
    Map<String, GateTimes> gates =
        member.memory().warmUp().map(WarmUpTimes::gates).orElse(Map.of());
    boolean isGated =
        said.waitsForGates()
            && gates.values().stream().anyMatch(times -> times.openSince().isEmpty())
            && !said.reason().equals(Reason.NOT_CONFIGURED.code());
    if (isGated) {
      gates.values().stream()
          .filter(times -> times.openSince().isEmpty())
          .forEach(
              times ->
                  put(
                      causes,
                      cause(member, times),
                      new Waiting(member.node().name(), Optional.of(times.awaitedSince()))));
      return;
    }
    put(
        causes,
        new Cause(words(said), said.reason().isEmpty() ? reason(said) : said.reason()),
        new Waiting(
            member.node().name(),
            member.memory().warmUp().map(WarmUpTimes::begin).or(member::since)));
  }

  private static void put(Map<Cause, List<Waiting>> causes, Cause cause, Waiting waiting) {
    causes.computeIfAbsent(cause, c -> new ArrayList<>()).add(waiting);
  }

  private Cause cause(Fleet.Member member, GateTimes times) {
    GateKind kind = GateKind.ofCode(times.kind());
    ReservedState reserved = fleet.reserved(member.node().name());
    BlockedObject blocker = BlockedObject.of(kind, times.blocker(), member.node().name(), reserved);
    Reason reason =
        member.decided().deadlocks().contains(times.blocker())
            ? Reason.GATE_DEADLOCK
            : reason(kind, member.decided(), reserved.namespaces().get(blocker.namespace()));
    return new Cause(blocker.shared().toString(), reason.code());
  }

  /**
   * The reason that the condition of a node has for a closed gate.
   *
   * @param namespace of the pods that the gate waits for, null when it is not reserved
   */
  private static Reason reason(GateKind kind, Summary said, NamespaceState namespace) {
    return switch (kind) {
      case NODE_READY -> Reason.NODE_NOT_READY;
      case CONDITION -> Reason.CONDITION_NOT_MET;
      case RESERVED_PODS ->
          namespace == null
              ? Reason.NAMESPACE_NOT_RESERVED
              : namespace.readable()
                  ? Reason.RESERVED_PODS_NOT_READY
                  : Reason.NAMESPACE_NOT_READABLE;
      case RESOURCE -> Reason.RESOURCES_MISSING;
      case CSI_DRIVER -> Reason.CSI_DRIVERS_MISSING;
      case IMAGES ->
          said.reason().equals(Reason.IMAGE_WARM_UP_UNSUPPORTED.code())
              ? Reason.IMAGE_WARM_UP_UNSUPPORTED
              : Reason.IMAGES_MISSING;
      case CONFIG_APPLIED -> Reason.CONFIG_NOT_APPLIED;
    };
  }

  private static String words(Summary said) {
    return said.freeze()
        .map(freeze -> freeze.clause())
        .orElseGet(() -> StateFinder.clause(said.message()));
  }

  private static String reason(Summary said) {
    return said.phase() == NodePhase.UNMANAGED ? "NoPolicy" : "NoWarmUp";
  }
}
