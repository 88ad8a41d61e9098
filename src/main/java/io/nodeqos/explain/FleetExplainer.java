// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.FleetExplanation.Group;
import io.nodeqos.node.Reason;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.WarmUpTimes.GateTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.GateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Sums the causes of all nodes that are not warm. A pure function; passes once over the nodes. */
public final class FleetExplainer {
  private final Fleet fleet;
  private final Instant now;
  private final Duration wallAhead;

  /**
   * @param now by the clock of decisions
   * @param wallAhead how far the wall clock is ahead of it
   */
  public FleetExplainer(Fleet fleet, Instant now, Duration wallAhead) {
    this.fleet = fleet;
    this.now = now;
    this.wallAhead = wallAhead;
  }

  private record Cause(String blocker, String reason) {}

  private record Waiting(String node, Optional<Instant> since) {}

  public FleetExplanation all(List<String> missing) {
    return explain("", List.of(), fleet.members(), missing);
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
        policy, state, now.plus(wallAhead), counts[0], counts[1], groups, missing);
  }

  private Group group(Cause cause, List<Waiting> waiting) {
    waiting.sort(
        Comparator.comparing((Waiting w) -> w.since().orElse(Instant.MAX))
            .thenComparing(Waiting::node));
    return new Group(
        cause.blocker(),
        cause.reason(),
        "",
        waiting.get(0).since().map(since -> since.plus(wallAhead)),
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
        new Waiting(member.node().name(), member.memory().warmUp().map(WarmUpTimes::begin)));
  }

  private static void put(Map<Cause, List<Waiting>> causes, Cause cause, Waiting waiting) {
    causes.computeIfAbsent(cause, c -> new ArrayList<>()).add(waiting);
  }

  private Cause cause(Fleet.Member member, GateTimes times) {
    GateKind kind = BlockedObject.kind(times.kind());
    String node = member.node().name();
    String blocker =
        BlockedObject.of(kind, times.blocker(), node, fleet.reserved(node)).shared().toString();
    return new Cause(
        blocker,
        member.decided().deadlocks().contains(times.blocker())
            ? Reason.GATE_DEADLOCK.code()
            : reason(kind).code());
  }

  /** The reason that the condition of a node has for a closed gate. */
  private static Reason reason(GateKind kind) {
    return switch (kind) {
      case NODE_READY -> Reason.NODE_NOT_READY;
      case CONDITION -> Reason.CONDITION_NOT_MET;
      case RESERVED_PODS -> Reason.RESERVED_PODS_NOT_READY;
      case RESOURCE -> Reason.RESOURCES_MISSING;
      case CSI_DRIVER -> Reason.CSI_DRIVERS_MISSING;
      case IMAGES -> Reason.IMAGES_MISSING;
      case CONFIG_APPLIED -> Reason.CONFIG_NOT_APPLIED;
    };
  }

  private static String words(Summary said) {
    return said.freeze()
        .map(freeze -> freeze.clause())
        .orElseGet(
            () -> {
              String sentence = said.message();
              String clause =
                  sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
              return clause.isEmpty()
                  ? clause
                  : Character.toLowerCase(clause.charAt(0)) + clause.substring(1);
            });
  }

  private static String reason(Summary said) {
    return said.phase() == NodePhase.UNMANAGED ? "NoPolicy" : "NoWarmUp";
  }
}
