// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Other controllers set and remove taints under the same prefixes, at any time. */
class StartupTaintPropertyTest extends PlannerTestCase {
  private static final List<String> OURS =
      List.of(
          "nodeqos.io/warming-up",
          "readiness.k8s.io/warm",
          "acme.io/warm",
          "startup-taint.cluster-autoscaler.kubernetes.io/warm");
  private static final List<String> THEIRS =
      List.of(
          "readiness.k8s.io/NetworkReady",
          "readiness.k8s.io/warm-too",
          "acme.io/theirs",
          "startup-taint.cluster-autoscaler.kubernetes.io/theirs",
          "nidhogg.uswitch.com/kube-system.kiam",
          "node.kubernetes.io/not-ready");

  private final PolicyCatalog policies =
      new PolicyCatalog(new PolicyDecoder(new StartupTaintPrefixes(List.of("acme.io/"))));

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void taintsOfOthersAreNeitherChangedNorReported(long seed) {
    Random random = new Random(seed);
    Instant now = PolicyFixture.CREATED.plusSeconds(100);
    Set<String> named = new HashSet<>();
    NodeView node = node("n").created(now).label("pool", "x").build();
    apply(1, random, named);
    for (int step = 2; step < 30; step++) {
      now = now.plusSeconds(random.nextInt(20));
      if (random.nextInt(6) == 0) {
        apply(step, random, named);
      }
      node = random.nextBoolean() ? tainted(node, random) : node;
      node = next(node, random.nextInt(3) == 0, named, now);
    }
    for (int i = 0; i < 3; i++) {
      now = now.plusSeconds(120);
      node = next(node, true, named, now);
    }
    assertTrue(node.taints().stream().noneMatch(t -> named.contains(t.key())), node::toString);
    assertTrue(decide(policies, node, cni(true, 0), now).isConverged());
  }

  private void apply(long generation, Random random, Set<String> named) {
    String key = OURS.get(random.nextInt(OURS.size()));
    named.add(key);
    policies.apply(
        policy(
            "p",
            generation,
            PolicyFixture.CREATED,
            "{'warmUp': {'taintNewNodes': true, 'taintKey': '"
                + key
                + "', 'mode': '"
                + (random.nextBoolean() ? "Continuous" : "Bootstrap")
                + "', 'stableFor': '5s', 'reservedPods': [{'namespace': 'kube-system'}]}}"));
  }

  private NodeView next(NodeView before, boolean ready, Set<String> named, Instant now) {
    NodePlan plan = decide(policies, before, cni(ready, 0), now);
    NodeView after = Plans.applied(before, plan);
    assertEquals(others(before, named), others(after, named), "in their order");
    assertTrue(
        plan.summary().orphanTaints().stream()
            .noneMatch(orphan -> THEIRS.contains(orphan.replaceAll(":.*", ""))),
        plan::toString);
    return after;
  }

  private static List<Taint> others(NodeView node, Set<String> named) {
    return node.taints().stream().filter(t -> !named.contains(t.key())).toList();
  }

  private static NodeView tainted(NodeView node, Random random) {
    String key = THEIRS.get(random.nextInt(THEIRS.size()));
    List<Taint> taints = new ArrayList<>(node.taints());
    if (!taints.removeIf(t -> t.key().equals(key))) {
      String effect = random.nextBoolean() ? "NoSchedule" : "NoExecute";
      String json = "{\"key\":\"%s\",\"value\":\"v\",\"effect\":\"%s\"}".formatted(key, effect);
      taints.add(random.nextInt(taints.size() + 1), new Taint(key, "v", effect, json));
    }
    return new NodeView(node.meta(), node.labels(), node.annotations(), taints, node.status());
  }
}
