// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a demo run, counted from the API server's request log and the objects in it, never
 * from reports of the controller itself.
 *
 * @param timeToAllWarm from the first node's registration to the last expected node's warm mark;
 *     empty when not all expected nodes are warm
 * @param timesToWarm of each warm node, from its registration to its mark, the shortest first
 */
record DemoSummary(
    Nodes nodes,
    Optional<Duration> timeToAllWarm,
    List<Duration> timesToWarm,
    Writes writes,
    List<State> notWarm,
    DemoLeadership leadership) {

  /** How long writes are counted after convergence. */
  static final Duration OBSERVATION_PERIOD = Duration.ofSeconds(10);

  /**
   * The numbers of nodes.
   *
   * @param expected to become warm
   * @param warm of the expected ones
   * @param wronglyWarm of those that must not become warm
   */
  record Nodes(int joined, int expected, int configured, int warm, int wronglyWarm) {}

  /**
   * Writes of the controller.
   *
   * @param perNode mean of the writes to nodes and their status
   * @param overBudget nodes with more writes than the budget
   * @param afterConvergence to nodes, policies and DaemonSets within {@link #OBSERVATION_PERIOD};
   *     empty when the fleet did not converge
   */
  record Writes(
      double perNode, int most, List<WriteBudget> overBudget, Optional<Integer> afterConvergence) {}

  /**
   * The input of the summary.
   *
   * @param convergedAt empty without convergence
   */
  record Recording(
      Expectation expected,
      List<State> nodes,
      DemoLog.Entries log,
      Leading leading,
      Optional<Instant> convergedAt,
      Instant until) {}

  /**
   * The input about the leaders.
   *
   * @param leases each change of holder of the Lease
   * @param kill of a leader, if one was killed
   */
  record Leading(List<DemoLeases.Held> leases, Optional<LeaderKill.Done> kill) {}

  static DemoSummary of(Recording recording) {
    Map<String, List<ApiWrite>> byNode = byNode(recording.log().writes());
    Map<String, Instant> warmAt = new HashMap<>();
    int most = 0;
    List<WriteBudget> overBudget = new ArrayList<>();
    for (State node : recording.nodes()) {
      List<ApiWrite> writes = byNode.getOrDefault(node.name(), List.of());
      markedAt(node, writes).ifPresent(at -> warmAt.put(node.name(), at));
      Instant end = warmAt.getOrDefault(node.name(), recording.until());
      most = Math.max(most, writes.size());
      registeredAt(recording, node.name())
          .map(at -> new WriteBudget(node.name(), at, Duration.between(at, end), writes))
          .filter(WriteBudget::isExceeded)
          .ifPresent(overBudget::add);
    }
    long total = byNode.values().stream().mapToLong(List::size).sum();
    return new DemoSummary(
        count(recording),
        timeToAllWarm(recording, warmAt),
        timesToWarm(recording, warmAt),
        new Writes(
            recording.nodes().isEmpty() ? 0 : (double) total / recording.nodes().size(),
            most,
            List.copyOf(overBudget),
            recording.convergedAt().map(at -> writesAfter(recording, at))),
        recording.nodes().stream().filter(node -> node.phase() != Phase.WARM).toList(),
        DemoLeadership.of(recording));
  }

  /** Whether every expected node is warm, and no other, and no replica wrote after its term. */
  boolean asExpected() {
    return nodes.warm() == nodes.expected()
        && nodes.wronglyWarm() == 0
        && leadership.overlappingWrites() == 0;
  }

  /** The content of the summary file. */
  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("nodes", nodes.joined());
    json.addProperty("expectedWarm", nodes.expected());
    json.addProperty("configured", nodes.configured());
    json.addProperty("warm", nodes.warm());
    json.addProperty("timeToAllWarmMs", timeToAllWarm.map(Duration::toMillis).orElse(null));
    json.addProperty("writesPerNode", Math.round(writes.perNode() * 100) / 100.0);
    json.addProperty("maxWritesPerNode", writes.most());
    json.addProperty("nodesOverWriteBudget", writes.overBudget().size());
    json.addProperty("writesAfterConvergence", writes.afterConvergence().orElse(null));
    JsonArray waiting = new JsonArray();
    for (State node : notWarm) {
      JsonObject entry = new JsonObject();
      entry.addProperty("node", node.name());
      entry.addProperty("reason", node.condition().reason());
      entry.addProperty("message", node.condition().message());
      waiting.add(entry);
    }
    json.add("waiting", waiting);
    leadership.addTo(json);
    return new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(json) + "\n";
  }

  /** The writes to each node and its status. */
  static Map<String, List<ApiWrite>> byNode(List<ApiWrite> all) {
    Map<String, List<ApiWrite>> byNode = new HashMap<>();
    for (ApiWrite write : all) {
      if (write.target().isNode()) {
        byNode.computeIfAbsent(write.name(), unused -> new ArrayList<>()).add(write);
      }
    }
    return byNode;
  }

  // The mark came with the last write at or before the version in which it was first seen: a status
  // write may have come between the mark and the observation.
  static Optional<Instant> markedAt(State node, List<ApiWrite> writes) {
    return writes.stream()
        .filter(write -> node.phase() == Phase.WARM)
        .filter(write -> write.target() == ApiWrite.Target.NODE)
        .filter(write -> write.version() <= node.times().warmVersion())
        .max(Comparator.comparingLong(ApiWrite::version))
        .map(ApiWrite::completed);
  }

  // Empty when the log has dropped it: then the wait of that node is unknown.
  private static Optional<Instant> registeredAt(Recording recording, String node) {
    return Optional.ofNullable(recording.log().registered().get(node));
  }

  private static Nodes count(Recording recording) {
    int configured = (int) recording.nodes().stream().filter(State::configured).count();
    int warm =
        (int)
            recording.nodes().stream()
                .filter(node -> node.phase() == Phase.WARM)
                .filter(node -> !recording.expected().stuck().contains(node.name()))
                .count();
    int wrongly =
        (int) recording.nodes().stream().filter(node -> node.phase() == Phase.WARM).count() - warm;
    return new Nodes(
        recording.nodes().size(), recording.expected().warm(), configured, warm, wrongly);
  }

  private static Optional<Duration> timeToAllWarm(
      Recording recording, Map<String, Instant> warmAt) {
    long expected =
        warmAt.keySet().stream()
            .filter(node -> !recording.expected().stuck().contains(node))
            .count();
    boolean all = expected == recording.expected().warm();
    Optional<Instant> first =
        recording.log().registered().values().stream().min(Comparator.naturalOrder());
    Optional<Instant> last = warmAt.values().stream().max(Comparator.naturalOrder());
    return all && first.isPresent() && last.isPresent()
        ? Optional.of(Duration.between(first.get(), last.get()))
        : Optional.empty();
  }

  private static List<Duration> timesToWarm(Recording recording, Map<String, Instant> warmAt) {
    List<Duration> times = new ArrayList<>();
    warmAt.forEach(
        (node, at) ->
            registeredAt(recording, node).ifPresent(from -> times.add(Duration.between(from, at))));
    times.sort(Comparator.naturalOrder());
    return List.copyOf(times);
  }

  private static int writesAfter(Recording recording, Instant converged) {
    return (int)
        recording.log().writes().stream()
            .filter(write -> !write.received().isBefore(converged))
            .filter(write -> write.received().isBefore(converged.plus(OBSERVATION_PERIOD)))
            .count();
  }
}
