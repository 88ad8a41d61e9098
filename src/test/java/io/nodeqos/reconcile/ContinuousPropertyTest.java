// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.WriteRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However gates flap in mode Continuous, what is written stays bounded and becomes calm. */
class ContinuousPropertyTest {
  private static final Duration STABLE = Duration.ofSeconds(10);
  private static final String SPEC =
      """
      {'warmUp': {'mode': 'Continuous', 'stableFor': '10s', 'nodeReady': {},
                  'resources': [{'name': 'x.io/gpu', 'timeout': '25s', 'onTimeout': 'Release'}],
                  'reservedPods': [{'namespace': 'kube-system'}]}}
      """;

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  /**
   * A round costs at most five writes: two patches with the loss, two with the mark, one when a
   * gate that was released opens; and it takes the calm of a closed and that of an open gate. While
   * the node waits its condition is worded anew at most every ten seconds.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void flappingGatesStayWithinTheWriteBudget(long seed) {
    Random random = new Random(seed);
    FakeTime time = new FakeTime();
    FakeNodeWriter api = new FakeNodeWriter();
    api.onWrite(WriteRules::check);
    QueuedProcess process = new QueuedProcess(api, new FakePolicyWriter(), time);
    process.seePolicies(List.of(policy("p", SPEC)));
    process.lead();
    api.put(Plans.warm("n").build());
    Instant start = time.instant();
    // Slow flaps come through to the mark, fast ones do not.
    int slowness = 1 + random.nextInt(40);
    List<PodView> pods = List.of();
    for (int step = 0; step < 600; step++) {
      if (step < 400 && random.nextInt(slowness) == 0) {
        pods = pods(random);
        api.change("n", n -> flapped(n, random));
      } else if (step == 400) {
        pods = List.of(ReservedFixture.pod("cni", true));
        api.change("n", n -> node(n, "True", random.nextBoolean()));
      }
      settle(process, api, pods);
      long seconds = Duration.between(start, time.instant()).toSeconds();
      long rounds = 1 + seconds / (2 * STABLE.toSeconds());
      int writes = api.writes().size();
      assertTrue(writes <= 5 * rounds + seconds / 10 + 2, writes + " writes in " + seconds + " s");
      time.advance(Duration.ofMillis(200 + random.nextInt(1_800)));
    }
    assertTrue(WriteRules.isMarked(api.node("n")), "all is open or released");
    int writes = api.writes().size();
    for (int i = 0; i < 200; i++) {
      settle(process, api, pods);
      time.advance(Duration.ofSeconds(30));
    }
    assertEquals(writes, api.writes().size(), "a closed gate that was released: no ping-pong");
  }

  /** Never are more nodes without their mark than the brake allows, whatever happens in between. */
  @ParameterizedTest
  @MethodSource("seeds")
  void atMostAFifthOfTheNodesLosesItsMarkInAnHourWithoutAConfirmation(long seed) {
    Random random = new Random(seed);
    int nodes = 5 + random.nextInt(26);
    WarmFleet fleet = new WarmFleet(nodes);
    int most = Math.max(2, nodes / 5);
    for (int step = 0; step < 60; step++) {
      int first = random.nextInt(nodes);
      int last = first + 1 + random.nextInt(random.nextInt(4) == 0 ? nodes - first : 1);
      fleet.pods(first, last, random.nextInt(3) == 0);
      if (random.nextInt(15) == 0) {
        fleet.kill(fleet.leader());
        fleet.start().lead();
      }
      fleet.run(Duration.ofSeconds(random.nextInt(55)));
      assertTrue(
          fleet.tainted() <= most,
          fleet.tainted() + " of " + nodes + " have lost their mark in step " + step);
    }
    fleet.pods(0, nodes, true);
    fleet.run(Duration.ofMinutes(2));
    assertEquals(nodes, fleet.marked());
    assertEquals("", fleet.token());
  }

  private static void settle(QueuedProcess process, FakeNodeWriter api, List<PodView> pods) {
    process.seePods("n", ReservedFixture.kubeSystem(pods, List.of()));
    process.see("n", Optional.of(api.node("n")));
    for (int pass = 0; process.work(); pass++) {
      assertTrue(pass < 100, "a hot loop: there is always something to do");
      process.see("n", Optional.of(api.node("n")));
    }
  }

  private static List<PodView> pods(Random random) {
    List<PodView> pods = new ArrayList<>();
    for (String app : List.of("cni", "csi")) {
      if (random.nextInt(4) > 0) {
        pods.add(ReservedFixture.pod(app, random.nextInt(3) > 0));
      }
    }
    return pods;
  }

  private static NodeView flapped(NodeView node, Random random) {
    String ready = List.of("True", "True", "True", "False", "Unknown").get(random.nextInt(5));
    return node(node, ready, random.nextBoolean());
  }

  private static NodeView node(NodeView node, String ready, boolean gpu) {
    NodeView.Status s = node.status();
    Map<String, NodeCondition> conditions = new HashMap<>(s.conditions());
    conditions.put("Ready", new NodeCondition("Ready", ready, "Kubelet", "", Instant.EPOCH));
    Map<String, Quantity> allocatable = new HashMap<>(s.allocatable());
    allocatable.put("x.io/gpu", Quantity.of(gpu ? 1 : 0));
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            s.capacity(),
            Map.copyOf(allocatable),
            Map.copyOf(conditions),
            s.images(),
            s.bootId(),
            s.software()));
  }
}
