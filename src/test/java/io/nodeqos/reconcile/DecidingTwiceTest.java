// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.spec.PolicySpec.Images;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerStatus;
import io.nodeqos.reconcile.plan.Plans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * To decide has no effect: nodes may be asked about any number of times and in any order, as {@code
 * plan} and {@code explain} do, and nothing comes of it.
 */
class DecidingTwiceTest {
  private static final int STEPS = 150;
  private static final int ROUNDS = 3;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("nodeqos.test.seeds", 20));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void repeatedDecisionsAreEqualAndChangeNothing(long seed) {
    World world = new World(seed);
    Random random = new Random(-seed);
    for (int i = 0; i < STEPS; i++) {
      step(world);
      for (QueuedProcess process : List.of(world.leader(), world.standby())) {
        Map<String, Object> before = observable(process.process, process);
        assertPlansAreEqual(process.process, random);
        assertEquals(before, observable(process.process, process), "after step " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void extraDecisionsDoNotChangeLaterWrites(long seed) {
    World asked = new World(seed);
    World unasked = new World(seed);
    Random random = new Random(-seed);
    for (int i = 0; i < STEPS; i++) {
      step(asked);
      step(unasked);
      assertPlansAreEqual(asked.leader().process, random);
      assertPlansAreEqual(asked.standby().process, random);
    }
    asked.settle(Duration.ofMinutes(20));
    unasked.settle(Duration.ofMinutes(20));

    assertEquals(unasked.api.writes(), asked.api.writes());
    assertEquals(
        observable(unasked.leader().process, unasked.leader()),
        observable(asked.leader().process, asked.leader()));
  }

  @Test
  void brakeDoesNotCountDryDecisions() {
    WarmFleet asked = new WarmFleet(10);
    WarmFleet unasked = new WarmFleet(10);
    for (WarmFleet fleet : List.of(asked, unasked)) {
      fleet.pods(0, 5, false);
    }
    Random random = new Random(1);
    for (int second = 0; second < 60; second++) {
      for (WarmFleet fleet : List.of(asked, unasked)) {
        fleet.run(Duration.ofSeconds(1));
      }
      TestProcess leader = asked.leader().process;
      Map<String, Object> before = observable(leader, asked.leader());
      assertPlansAreEqual(leader, random);
      assertEquals(before, observable(leader, asked.leader()), "after " + second + " s");
    }
    assertTrue(asked.isBraked());
    assertEquals(
        observable(unasked.leader().process, unasked.leader()),
        observable(asked.leader().process, asked.leader()));
  }

  @Test
  void onlyTheReportOfADecisionChangesTheStatusOfAPlugin(@TempDir Path plugins) throws IOException {
    Files.writeString(plugins.resolve("broken.jar"), "no jar");
    PluginSettings settings = new PluginSettings(Optional.of(plugins), Duration.ofSeconds(10));
    FakeTime time = new FakeTime();
    FakeNodeWriter api = new FakeNodeWriter();
    TestProcess process =
        new TestProcess(
            api, time, Plans.workers(settings), policy("p", "{'reservation': {'cpu': '1'}}"));
    process.fence.open();
    String section = "x".repeat(Keys.CONFIG_MAX_BYTES);
    api.put(
        node("n").annotation(Keys.CONFIG, "{\"big\":\"" + section + "\",\"sources\":{}}").build());
    process.catchUp();
    Map<String, Optional<String>> before = errors(process);

    assertPlansAreEqual(process, new Random(1));
    assertEquals(before, errors(process));

    process.reconcile("n");
    assertNotEquals(before, errors(process), "the sections do not stay, and this is reported");
  }

  private static Map<String, Optional<String>> errors(TestProcess process) {
    return process.workers.status().stream()
        .collect(Collectors.toMap(WorkerStatus::name, WorkerStatus::error));
  }

  /** Images that a policy wants can be pulled at once. */
  private static void step(World world) {
    world.step();
    for (QueuedProcess process : List.of(world.leader(), world.standby())) {
      process.process.policies.snapshot().inForce().stream()
          .filter(p -> p.spec().sections().images().isPresent())
          .forEach(
              p -> {
                Images images = p.spec().sections().images().get();
                process.process.spinners.show(
                    new SpinnerDaemonSet(
                        "nodeqos-spinner-" + p.name(),
                        "uid",
                        p.name(),
                        images.pullVersion(),
                        "h",
                        true,
                        false));
              });
    }
  }

  private static void assertPlansAreEqual(TestProcess process, Random random) {
    List<NodeView> nodes = new ArrayList<>();
    process.cluster.nodeNames().forEach(n -> nodes.add(process.cluster.node(n).orElseThrow()));
    Map<String, NodePlan> first = new LinkedHashMap<>();
    nodes.forEach(node -> first.put(node.name(), decide(process, node)));
    for (int i = 0; i < ROUNDS; i++) {
      Collections.shuffle(nodes, random);
      nodes.forEach(node -> assertEquals(first.get(node.name()), decide(process, node)));
    }
  }

  private static NodePlan decide(TestProcess process, NodeView node) {
    return process.planner.decide(process.observer.observe(node));
  }

  /** The whole visible state of a process. */
  private static Map<String, Object> observable(TestProcess process, QueuedProcess queues) {
    Map<String, Object> seen = new LinkedHashMap<>();
    process
        .cluster
        .nodeNames()
        .forEach(
            node -> {
              seen.put("state of " + node, process.fleet.state(node));
              seen.put("writes to " + node, process.nodeWrites.last(node));
            });
    seen.put("nodes decided", process.fleet.size());
    seen.put("phases", process.fleet.phases());
    seen.put("versions", process.fleet.configVersions());
    seen.put("differing", process.fleet.differing());
    seen.put("last sync", process.fleet.lastSync());
    seen.put("pulls", List.of(process.images.pulling(), process.images.waiting()));
    seen.put("woken to pull", List.copyOf(process.nodesToPull));
    seen.put("brake", process.brake.episodes());
    seen.put("brake counts", List.of(process.brake.braked(), process.brake.knowsAllNodes()));
    seen.put("freed by the brake", List.copyOf(process.nodesFreed));
    seen.put("policies told", List.copyOf(process.policiesTold));
    seen.put("events", process.events.latest());
    seen.put(
        "queues", List.of(queues.nodes.stats(), queues.policies.stats(), queues.fanOuts.stats()));
    seen.put("errors of workers", errors(process));
    seen.put("writes", process.api.writes().size());
    return seen;
  }
}
