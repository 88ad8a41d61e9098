// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.RecordedConfig;
import io.nodeqos.reconcile.plan.WriteRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Policies come and go, nodes enter and leave selectors, writes fail, leaders change: with Keep no
 * write ever removes anything, and with Remove nothing is left in the end, and nothing of others is
 * touched.
 */
class DeletionPropertyTest {
  private static final int STEPS = 120;
  private static final List<String> NODES = List.of("n1", "n2", "n3");
  private static final List<String> POOLS = List.of("x", "y", "z");
  private static final Map<String, String> SPECS =
      Map.of(
          "p",
          "'nodeSelector': {'matchLabels': {'pool': 'x'}}, 'quota': {'classes': [{'name': 'gold',"
              + "'advertise': {'cpu': '50%', 'memory': '1Gi'}}]}, 'reservation': {'cpu': '500m'},"
              + "'warmUp': {'nodeReady': {}}}",
          "q",
          "'priority': 5, 'nodeSelector': {'matchExpressions': [{'key': 'pool', 'operator': 'In',"
              + "'values': ['x', 'y']}]}, 'reservation': {'cpu': '1', 'countReservedPods': true}}",
          "r",
          "'priority': -3, 'nodeSelector': {'matchLabels': {'pool': 'y'}},"
              + "'warmUp': {'nodeReady': {}, 'stableFor': '20s'}}");

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final FakePolicyWriter policyApi = new FakePolicyWriter();
  private final QueuedProcess[] processes = {
    new QueuedProcess(api, policyApi, time), new QueuedProcess(api, policyApi, time)
  };

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("nodeqos.test.seeds", 40));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepNeverWritesARemoval(long seed) {
    api.onWrite(
        write -> {
          WriteRules.onlyOurs(write.before(), write.after());
          removesNothing(write.before(), write.after());
        });
    live(new Random(seed), "Keep");
    int writes = api.writes().size();
    List.copyOf(policyApi.policies().keySet()).forEach(policyApi::delete);
    settle();
    assertEquals(Map.of(), policyApi.policies(), "nothing holds a policy that says Keep");
    assertEquals(writes, api.writes().size(), "no policy is there, so nothing is written");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void removeEndsWithoutOwnFieldsAndWithAllForeignOnes(long seed) {
    api.onWrite(write -> WriteRules.onlyOurs(write.before(), write.after()));
    live(new Random(seed), "Remove");
    List.copyOf(policyApi.policies().keySet()).forEach(policyApi::delete);
    settle();
    assertEquals(Map.of(), policyApi.policies(), "the finalizers are gone");
    for (NodeView node : api.nodes()) {
      assertEquals(Map.of("pool", node.labels().get("pool"), "theirs", "1"), node.labels());
      assertEquals(Map.of("example.com/note", "n"), node.annotations());
      assertTrue(node.condition(Keys.WARMED_UP_CONDITION).isEmpty(), node::toString);
      assertTrue(node.status().capacity().keySet().stream().noneMatch(Keys::isOwnResource));
      assertTrue(node.status().allocatable().keySet().stream().noneMatch(Keys::isOwnResource));
      assertTrue(node.taints().stream().noneMatch(t -> t.key().startsWith(Keys.PREFIX)));
      assertTrue(node.taints().size() > 0, "another owner's taint is gone");
    }
    int writes = api.writes().size();
    settle();
    assertEquals(writes, api.writes().size(), "writes in steady state");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void remainingWarmUpPolicyDoesNotDelayRemove(long seed) {
    int priority = seed % 2 == 0 ? 9 : -9;
    policyApi.apply(policy("stays", "{'priority': " + priority + ", 'warmUp': {'nodeReady': {}}}"));
    live(new Random(seed), "Remove");
    SPECS.keySet().forEach(policyApi::delete);
    settle();
    assertEquals(Set.of("stays"), policyApi.policies().keySet(), "the finalizers are gone");
    int writes = api.writes().size();
    settle();
    assertEquals(writes, api.writes().size(), "writes in steady state");
  }

  private void live(Random random, String deletionPolicy) {
    NODES.forEach(this::join);
    List.of("p", "q", "r").forEach(name -> apply(name, deletionPolicy));
    processes[0].lead();
    settle();
    for (int i = 0; i < STEPS; i++) {
      step(random, deletionPolicy);
    }
    api.forgetAnswers();
    settle();
  }

  private void step(Random random, String deletionPolicy) {
    String node = NODES.get(random.nextInt(NODES.size()));
    String name = List.of("p", "q", "r").get(random.nextInt(3));
    switch (random.nextInt(9)) {
      case 0, 1 -> {
        String pool = POOLS.get(random.nextInt(POOLS.size()));
        api.change(node, n -> World.labelled(n, "pool", pool));
      }
      case 2 -> policyApi.delete(name);
      case 3 -> {
        if (!policyApi.policies().containsKey(name)) {
          apply(name, deletionPolicy);
        }
      }
      case 4 -> {
        int leader = processes[0].leads() ? 0 : 1;
        processes[leader].depose();
        processes[leader] = new QueuedProcess(api, policyApi, time);
        catchUp(processes[leader]);
        // One that does not know yet that a policy is gone may still write its sections, and no
        // policy is left to remove them. A watch that lags for so long is not part of this test.
        catchUp(processes[1 - leader]);
        processes[1 - leader].lead();
      }
      case 5 -> {
        WriteResult fault =
            random.nextBoolean()
                ? new WriteResult.Conflict()
                : new WriteResult.Retry("500", Duration.ZERO);
        if (random.nextBoolean()) {
          api.thenWork();
        }
        api.thenAnswer(fault);
      }
      case 6 -> time.advance(Duration.ofMillis(random.nextInt(5_000)));
      default -> catchUp(processes[random.nextInt(2)]);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      processes[random.nextInt(2)].work();
    }
  }

  private void join(String name) {
    api.put(
        NodeFixture.node(name)
            .uid(name)
            .label("pool", "x")
            .label("theirs", "1")
            .annotation("example.com/note", "n")
            .taint(Keys.STARTUP_TAINT)
            .taint(new Taint("example.com/t", "v", "NoExecute", "{\"future\":1}"))
            .build());
  }

  private void apply(String name, String deletionPolicy) {
    policyApi.apply(
        policy(name, "{'deletionPolicy': '" + deletionPolicy + "', " + SPECS.get(name)));
  }

  private void settle() {
    for (int i = 0; i < 90; i++) {
      boolean busy = true;
      for (int pass = 0; busy; pass++) {
        assertTrue(pass < 1000, "a hot loop");
        busy = false;
        for (QueuedProcess process : processes) {
          catchUp(process);
          busy |= process.work();
        }
      }
      policyApi.policies().keySet().forEach(this::confirm);
      time.advance(Duration.ofSeconds(10));
    }
  }

  /** A person lets go of whatever the brake holds. */
  private void confirm(String policy) {
    if (policyApi.policies().get(policy).status().get("brake") instanceof JsonObject brake) {
      policyApi.confirm(policy, brake.get("token").getAsString());
    }
  }

  private void catchUp(QueuedProcess process) {
    NODES.forEach(n -> process.see(n, Optional.ofNullable(api.node(n))));
    process.seePolicies(List.copyOf(policyApi.policies().values()));
  }

  private static void removesNothing(NodeView before, NodeView after) {
    assertTrue(after.labels().keySet().containsAll(before.labels().keySet()), "a label is gone");
    assertTrue(
        after.annotations().keySet().containsAll(before.annotations().keySet()),
        "an annotation is gone");
    assertTrue(
        sections(after).sections().keySet().containsAll(sections(before).sections().keySet()),
        "a section is gone");
    assertTrue(
        after.status().capacity().keySet().containsAll(before.status().capacity().keySet()),
        "a resource is gone");
    assertTrue(
        after.status().conditions().keySet().containsAll(before.status().conditions().keySet()),
        "the condition is gone");
    assertFalse(
        WriteRules.isTainted(before) && !WriteRules.isTainted(after) && !WriteRules.isMarked(after),
        "the taint was removed without the mark");
  }

  private static RecordedConfig sections(NodeView node) {
    return RecordedConfig.of(node.annotations().get(Keys.CONFIG));
  }
}
