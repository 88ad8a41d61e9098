// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import com.google.gson.JsonObject;
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
  private boolean hasRollout = true;
  private boolean newGetTarget;

  /** Agents acknowledge, and are waited for. */
  private final boolean acks;

  private int joined;

  RolloutLife(long seed) {
    random = new Random(seed);
    podsBreak = random.nextBoolean();
    acks = random.nextBoolean();
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
    switch (random.nextInt(28)) {
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
      case 19 -> join("m" + joined++);
      case 20 -> leave();
      case 21 -> loseReplies();
      case 22 -> workBlindly();
      case 23 -> world.policyApi.changeStatus(RolloutWorld.POLICY, new JsonObject());
      case 24 -> {
        hasRollout = random.nextInt(3) > 0;
        newGetTarget = random.nextInt(3) == 0;
        apply();
      }
      case 25, 26 -> {
        cpu = 1 + random.nextInt(6);
        apply();
        diesAtAWrite();
      }
      default -> fault();
    }
    live(random.nextInt(8));
  }

  private void live(int seconds) {
    try {
      world.seconds(seconds);
    } catch (RolloutWorld.Killed killed) {
      world.aroundWrites(() -> {}, () -> {});
      world.kill(world.leader());
      RolloutProcess next = world.processes.get(0);
      world.start();
      world.time.advance(Duration.ofSeconds(random.nextInt(20)));
      world.catchUp(next);
      next.lead();
      world.seconds(seconds);
    }
  }

  /** The leader dies before or after one of its next writes. */
  private void diesAtAWrite() {
    int[] left = {random.nextInt(12)};
    boolean isAfter = random.nextBoolean();
    Runnable dies =
        () -> {
          if (left[0]-- == 0) {
            throw new RolloutWorld.Killed();
          }
        };
    world.aroundWrites(isAfter ? () -> {} : dies, isAfter ? dies : () -> {});
  }

  /** All that is wrong goes by, except with revisions that agents cannot apply. */
  void heal() {
    world.aroundWrites(() -> {}, () -> {});
    for (NodeView node : world.api.nodes()) {
      changed(node.name(), n -> Plans.ready(n, true));
      pod(node.name(), true);
    }
  }

  /** The nodes that have joined later go. */
  private void leave() {
    for (NodeView node : world.api.nodes()) {
      if (!NAMES.contains(node.name())) {
        world.api.delete(node.name());
        world.pods.remove(node.name());
      }
    }
  }

  private void loseReplies() {
    world.aroundWrites(() -> {}, () -> {});
    world.api.loseReplies(true);
    world.policyApi.loseReplies(true);
    for (int i = 0; i < 5; i++) {
      world.catchUp(world.leader());
      world.leader().work();
    }
    world.api.loseReplies(false);
    world.policyApi.loseReplies(false);
  }

  /** The caches of the leader stand still for some seconds. */
  private void workBlindly() {
    world.aroundWrites(() -> {}, () -> {});
    for (int second = 0; second < 3; second++) {
      for (int i = 0; i < 20; i++) {
        world.leader().work();
      }
      world.time.advance(Duration.ofSeconds(1));
    }
  }

  private void join(String name) {
    world.join(name, "z" + random.nextInt(3));
    pod(name, true);
  }

  private void apply() {
    String rollout =
        "{'steps': "
            + STEPS.get(steps)
            + ", 'maxConcurrent': "
            + maxConcurrent
            + ", 'paused': "
            + paused
            + ", 'newNodes': '"
            + (newGetTarget ? "Target" : "Stable")
            + "', 'onFailure': '"
            + (rollsBack ? "RollBack" : "Pause")
            + "', 'health': {'for': '2s'"
            + (acks ? ", 'ackWithin': '5s'" : "")
            + "}}";
    world.apply(
        "{'reservation': {'cpu': '"
            + cpu
            + "'}, 'suspend': "
            + suspended
            + ", 'nodeSelector': "
            + (selectsAll ? "{}" : "{'matchLabels': {'pool': 'x'}}")
            + ", 'warmUp': {'nodeReady': {}"
            + (acks ? ", 'configApplied': {}" : "")
            + "}"
            + (hasRollout ? ", 'rollout': " + rollout : "")
            + "}");
    if (!hasRollout || newGetTarget) {
      world.judge.free(target());
    }
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
      String version = node.labels().getOrDefault(Keys.CONFIG_VERSION, "");
      if (acks && !isHit && !version.equals(node.annotations().get(Keys.APPLIED_VERSION))) {
        world.api.change(node.name(), n -> annotated(n, Keys.APPLIED_VERSION, version));
      }
      String error = node.labels().get(Keys.CONFIG_VERSION) + " no such cgroup";
      if (isHit && podsBreak) {
        pod(node.name(), false);
      } else if (isHit && !error.equals(node.annotations().get(Keys.APPLY_ERROR))) {
        world.api.change(node.name(), n -> annotated(n, Keys.APPLY_ERROR, error));
      }
    }
  }

  private static NodeView annotated(NodeView node, String key, String value) {
    Map<String, String> annotations = new HashMap<>(node.annotations());
    annotations.put(key, value);
    return new NodeView(
        node.meta(), node.labels(), Map.copyOf(annotations), node.taints(), node.status());
  }
}
