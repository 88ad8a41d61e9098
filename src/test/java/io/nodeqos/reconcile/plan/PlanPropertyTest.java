// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.PolicyCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The plan is a function of what is known, not of the order in which caches hand it out; and a node
 * that carries its plan gets no other one while nothing changes.
 */
class PlanPropertyTest {
  private static final Instant NOW = PolicyFixture.CREATED.plusSeconds(100_000);
  private static final PolicyCatalog POLICIES =
      PolicyFixture.catalog(
          policy(
              "p",
              "{'images': [{'ref': 'a'}, {'ref': 'b'}],"
                  + "'reservation': {'cpu': '100m', 'countReservedPods': true},"
                  + "'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]},"
                  + "'warmUp': {'nodeReady': {'timeout': '1m'},"
                  + "'conditions': [{'type': 'a.b/C'}, {'type': 'a.b/D', 'status': 'False'}],"
                  + "'reservedPods': [{'namespace': 'kube-system'}, {'namespace': 'other',"
                  + "'timeout': '5s', 'onTimeout': 'Release'}, {'namespace': 'kube-system',"
                  + "'selector': {'matchLabels': {'k8s-app': 'app1'}}}],"
                  + "'resources': [{'name': 'a/b'}], 'csiDrivers': [{'name': 'x'}, {'name': 'y'}],"
                  + "'images': {}, 'configApplied': {}}}"));

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void planDoesNotDependOnTheOrderOfTheObservation(long seed) {
    Random random = new Random(seed);
    NodeView node = someNode(random);
    ReservedState reserved = someState(random);
    NodePlan plan = decide(node, reserved, NodeMemory.NONE, NOW);
    for (int i = 0; i < 5; i++) {
      assertEquals(plan, decide(node, shuffled(reserved, random), NodeMemory.NONE, NOW));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nodeThatCarriesItsPlanIsNotWritten(long seed) {
    Random random = new Random(seed);
    NodeView before = someNode(random);
    ReservedState reserved = someState(random);
    NodePlan plan = decide(before, reserved, NodeMemory.NONE, NOW);
    NodeView node = Plans.applied(before, plan);
    for (int i = 0; i < 5; i++) {
      // By another process, which remembers nothing, and by the one that wrote it.
      for (NodeMemory memory : List.of(NodeMemory.NONE, plan.memory())) {
        NodePlan again = decide(node, shuffled(reserved, random), memory, NOW.plusMillis(300 * i));
        assertTrue(again.isConverged(), again.toString());
      }
    }
  }

  private static NodePlan decide(
      NodeView node, ReservedState reserved, NodeMemory memory, Instant now) {
    return Plans.planner()
        .decide(Plans.observation(node, reserved, memory, POLICIES.snapshot(), now));
  }

  private static NodeView someNode(Random random) {
    NodeFixture node =
        node("node-1")
            .created(random.nextBoolean() ? NOW.minusSeconds(30) : NodeFixture.CREATED)
            .condition("Ready", random.nextBoolean() ? "True" : "Unknown");
    if (random.nextBoolean()) {
      node.taint(Keys.STARTUP_TAINT);
    }
    if (random.nextBoolean()) {
      node.condition("a.b/C", "True").condition("a.b/D", "True").image("b");
    }
    return node.build();
  }

  private static ReservedState someState(Random random) {
    List<PodView> pods = new ArrayList<>();
    List<DaemonSetView> daemonSets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String app = "app" + i;
      Instant created = NOW.minusSeconds(random.nextInt(3) * 20L);
      if (random.nextInt(3) > 0) {
        pods.add(
            ReservedFixture.createdAt(
                ReservedFixture.pod(
                    app, random.nextInt(3) == 0, "Running", false, new Resources(100, 0, 0)),
                created));
      }
      if (random.nextBoolean()) {
        daemonSets.add(
            ReservedFixture.daemonSet(
                app, random.nextBoolean() ? List.of() : List.of(ReservedFixture.EVERYTHING)));
      }
    }
    Map<String, NamespaceState> namespaces = new LinkedHashMap<>();
    namespaces.put("kube-system", new NamespaceState(random.nextInt(5) > 0, pods, daemonSets));
    namespaces.put("third", new NamespaceState(true, List.of(), List.of()));
    return new ReservedState(
        namespaces, random.nextBoolean() ? Optional.empty() : Optional.of(Set.of("x")));
  }

  private static ReservedState shuffled(ReservedState state, Random random) {
    List<String> names = new ArrayList<>(state.namespaces().keySet());
    Collections.shuffle(names, random);
    Map<String, NamespaceState> namespaces = new LinkedHashMap<>();
    for (String name : names) {
      NamespaceState namespace = state.namespaces().get(name);
      List<PodView> pods = new ArrayList<>(namespace.pods());
      Collections.shuffle(pods, random);
      List<DaemonSetView> daemonSets = new ArrayList<>(namespace.daemonSets());
      Collections.shuffle(daemonSets, random);
      namespaces.put(name, new NamespaceState(namespace.readable(), pods, daemonSets));
    }
    return new ReservedState(namespaces, state.csiDrivers());
  }
}
