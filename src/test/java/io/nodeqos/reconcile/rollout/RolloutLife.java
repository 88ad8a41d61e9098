// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.reconcile.World;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A policy with a rollout to which anything happens at random. */
final class RolloutLife {
  private static final List<String> NAMES = List.of("n1", "n2", "n3", "n4", "n5", "n6", "n7");
  private static final List<String> STEPS =
      List.of(
          "[{'nodes': 1}]",
          "[{'nodes': 1}, {'nodes': '50%'}]",
          "[{'nodes': '20%', 'pause': {'duration': '4s'}}, {'nodes': 3}, {'nodes': '70%'}]",
          "[{'nodes': 2, 'pause': {}}, {'nodes': '60%'}]");

  final RolloutWorld world = new RolloutWorld();
  private final Random random;

  /** Agents cannot apply a reservation of so many CPUs. */
  private final Set<Integer> broken = new HashSet<>();

  private boolean podsBreak;
  private int cpu = 1;
  private int steps;
  private int maxConcurrent = 2;
  private boolean paused;
  private boolean suspended;
  private boolean rollsBack = true;
  private boolean selectsAll = true;

  RolloutLife(long seed) {
    random = new Random(seed);
    podsBreak = random.nextBoolean();
    for (int i = 2; i < 7; i++) {
      if (random.nextInt(3) == 0) {
        broken.add(i);
      }
    }
    steps = random.nextInt(STEPS.size());
    NAMES.forEach(this::join);
    apply();
    world.start().lead();
    world.start();
    world.seconds(5);
    world.agents(w -> report());
  }

  /** Something happens, and some seconds go by. */
  void step() {
    String node = NAMES.get(random.nextInt(NAMES.size()));
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> {
        cpu = 1 + random.nextInt(6);
        apply();
      }
      case 4 -> {
        steps = random.nextInt(STEPS.size());
        maxConcurrent = 1 + random.nextInt(4);
        rollsBack = random.nextInt(3) > 0;
        apply();
      }
      case 5 -> {
        paused = random.nextInt(3) == 0;
        suspended = random.nextInt(4) == 0;
        apply();
      }
      case 6 -> {
        selectsAll = random.nextBoolean();
        apply();
      }
      case 7, 8 -> ask(RolloutRequest.promote(target(), random.nextInt(5)));
      case 9 -> ask(RolloutRequest.retry(target()));
      case 10, 11 -> failOver();
      case 12 -> {
        world.api.delete(node);
        world.pods.remove(node);
        join(node);
      }
      case 13 -> changed(node, n -> World.labelled(n, "pool", random.nextBoolean() ? "x" : "y"));
      case 14 -> changed(node, n -> World.labelled(n, RolloutWorld.ZONE, "z" + random.nextInt(3)));
      case 15 -> changed(node, n -> Plans.ready(n, random.nextInt(3) > 0));
      case 16 -> pod(node, random.nextInt(3) > 0);
      case 17 -> NAMES.forEach(n -> pod(n, random.nextInt(3) == 0));
      case 18 -> NAMES.forEach(n -> pod(n, true));
      default -> fault();
    }
    world.seconds(random.nextInt(8));
  }

  /** All that is wrong goes by, except with revisions that agents cannot apply. */
  void heal() {
    for (String node : NAMES) {
      if (world.api.node(node) != null) {
        changed(node, n -> Plans.ready(n, true));
        pod(node, true);
      }
    }
    world.api.thenWork();
  }

  private void join(String name) {
    world.join(name, "z" + random.nextInt(3));
    pod(name, true);
  }

  private void apply() {
    world.apply(
        "{'reservation': {'cpu': '"
            + cpu
            + "'}, 'suspend': "
            + suspended
            + ", 'nodeSelector': "
            + (selectsAll ? "{}" : "{'matchLabels': {'pool': 'x'}}")
            + ", 'warmUp': {'nodeReady': {}}, 'rollout': {'steps': "
            + STEPS.get(steps)
            + ", 'maxConcurrent': "
            + maxConcurrent
            + ", 'paused': "
            + paused
            + ", 'onFailure': '"
            + (rollsBack ? "RollBack" : "Pause")
            + "', 'health': {'for': '2s'}}}");
  }

  private String target() {
    PolicyObject policy = world.policyApi.policies().get(RolloutWorld.POLICY);
    return RolloutWorld.revision(policy);
  }

  private void ask(RolloutRequest request) {
    world.policyApi.request(RolloutWorld.POLICY, request);
  }

  /** The caches of a new leader have caught up. */
  private void failOver() {
    RolloutProcess old = world.leader();
    RolloutProcess next =
        world.processes.stream().filter(p -> !p.leads()).findFirst().orElseThrow();
    if (random.nextBoolean()) {
      world.kill(old);
      world.start();
    } else {
      old.depose();
    }
    world.time.advance(Duration.ofSeconds(random.nextInt(20)));
    world.catchUp(next);
    next.lead();
  }

  private void fault() {
    WriteResult fault =
        random.nextBoolean()
            ? new WriteResult.Conflict()
            : new WriteResult.Retry("429", Duration.ofSeconds(random.nextInt(3)));
    if (random.nextBoolean()) {
      world.api.thenAnswer(fault);
    } else {
      world.policyApi.thenAnswer(fault);
    }
  }

  private void changed(String node, UnaryOperator<NodeView> change) {
    world.api.change(node, change);
  }

  private void pod(String node, boolean ready) {
    world.pods.put(
        node,
        ReservedFixture.kubeSystem(
            List.of(
                ReservedFixture.reported(ReservedFixture.pod("cni", ready), world.time.instant())),
            List.of()));
  }

  /** Every second node cannot apply a broken configuration, by its agent or by its pod. */
  private void report() {
    for (NodeView node : world.api.nodes()) {
      boolean isHit =
          node.name().hashCode() % 2 == 0
              && broken.stream()
                  .anyMatch(
                      b ->
                          node.annotations()
                              .getOrDefault(Keys.CONFIG, "")
                              .contains("\"cpu\":\"" + b + "\""));
      String error = node.labels().get(Keys.CONFIG_VERSION) + " no such cgroup";
      if (isHit && podsBreak) {
        pod(node.name(), false);
      } else if (isHit && !error.equals(node.annotations().get(Keys.APPLY_ERROR))) {
        world.api.change(node.name(), n -> annotated(n, error));
      }
    }
  }

  private static NodeView annotated(NodeView node, String error) {
    Map<String, String> annotations = new HashMap<>(node.annotations());
    annotations.put(Keys.APPLY_ERROR, error);
    return new NodeView(
        node.meta(), node.labels(), Map.copyOf(annotations), node.taints(), node.status());
  }
}
