// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.fleet.PolicyReach;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FanOutTest {
  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess process =
      TestProcess.leader(api, time, policy("p", "{'warmUp': {'nodeReady': {}}}"));
  private final KeyedQueue nodes =
      new KeyedQueue(f -> Duration.ZERO, time.source(), process.metrics.workQueue("nodes"));
  private final Deque<Double> chances = new ArrayDeque<>(List.of(0.0, 0.5, 0.999));
  private final FanOut fanOut =
      new FanOut(
          process.cluster,
          process.fleet,
          nodes,
          new PolicyNodes(
              new PolicyReach(process.cluster, process.policies, process.fleet),
              new MissingImages(process.cluster, process.policies, process.fleet, time.source())),
          () -> Duration.ofMinutes(10),
          () -> chances.remove());

  @Test
  void policyQueuesEveryNodeAndWaitingNodesFirst() {
    api.put(node("warm").build());
    process.reconcileFresh("warm");
    api.put(node("new").build());
    process.catchUp();
    process.policies.apply(policy("p", 2, PolicyFixture.CREATED, "{'reservation': {'cpu': '1'}}"));
    assertEquals(Outcome.done(), handle(FanOut.policy("p")));
    Map<String, WorkItem> queued = queued();
    assertEquals(Lane.CHANGE, queued.get("warm").lane());
    assertEquals(Lane.URGENT, queued.get("new").lane());
    assertEquals(new Trigger(TriggerKind.POLICY, ""), queued.get("new").trigger());
  }

  @Test
  void policyQueuesNoNodeThatItNeverSelected() {
    three();
    List.of("a", "b", "c").forEach(process::reconcileFresh);
    process.policies.apply(policy("other", "{'nodeSelector': {'matchLabels': {'x': 'y'}}}"));
    handle(FanOut.policy("other"));
    assertEquals(Map.of(), queued());
    handle(FanOut.everywhere("other"));
    Map<String, WorkItem> queued = queued();
    assertEquals(3, queued.size());
    assertEquals(new Trigger(TriggerKind.POLICY, ""), queued.get("a").trigger());
  }

  /** As when many policies come before the first node. */
  @Test
  void policyQueuesNoNodeThatWasDecidedWithItAsItIs() {
    three();
    process.policies.apply(policy("q", "{'reservation': {'cpu': '1'}}"));
    process.reconcileFresh("a");
    handle(FanOut.policy("p"));
    handle(FanOut.policy("q"));
    assertEquals(Set.of("b", "c"), queued().keySet());
  }

  @Test
  void policyThatIsConfirmedOrGoneQueuesItsNodes() {
    three();
    List.of("a", "b", "c").forEach(process::reconcileFresh);
    PolicyObject p = process.policies.entry("p").orElseThrow().latest();
    process.policies.apply(
        new PolicyObject(p.meta(), p.spec(), p.status(), "0123456789", p.rolloutRequest()));
    handle(FanOut.policy("p"));
    assertEquals(3, queued().size());

    List.of("a", "b", "c").forEach(process::reconcileFresh);
    process.policies.remove("p");
    handle(FanOut.policy("p"));
    assertEquals(3, queued().size());
  }

  /** Its decision may be one with an earlier version, which selected the node. */
  @Test
  void policyQueuesANodeThatAWorkerHolds() {
    three();
    List.of("a", "b", "c").forEach(process::reconcileFresh);
    process.policies.apply(policy("other", "{'nodeSelector': {'matchLabels': {'x': 'y'}}}"));
    nodes.add("b");
    assertEquals("b", nodes.poll().orElseThrow().key());
    handle(FanOut.policy("other"));
    nodes.done("b");
    assertEquals(List.of("b"), List.copyOf(queued().keySet()));
  }

  @Test
  void changedSettingsQueueEveryNode() {
    three();
    handle(FanOut.ALL);
    Map<String, WorkItem> queued = queued();
    assertEquals(3, queued.size());
    assertEquals(Trigger.NONE, queued.get("a").trigger());
  }

  @Test
  void namespaceEventQueuesEveryNodeWithTheNamespaceAsTrigger() {
    three();
    handle(FanOut.namespace("storage"));
    Map<String, WorkItem> queued = queued();
    assertEquals(3, queued.size());
    assertEquals(new Trigger(TriggerKind.NAMESPACE, "storage"), queued.get("a").trigger());
  }

  @Test
  void resyncSpreadsTheNodesOverItsPeriodAndRepeats() {
    three();
    assertEquals(new Outcome.Again(Lane.RESYNC, Duration.ofMinutes(10)), handle(FanOut.RESYNC));
    assertEquals(List.of("a"), List.copyOf(queued().keySet()));
    time.advance("4M59S");
    assertEquals(Map.of(), queued());
    time.advance("1S");
    assertEquals(Lane.RESYNC, queued().get("b").lane());
    time.advance("5M");
    assertEquals(List.of("c"), List.copyOf(queued().keySet()));
  }

  @Test
  void newLeaderQueuesOnlyTheNodesThatDiffer() {
    process.fence.close();
    three();
    process.reconcile("a");
    process.fence.open();
    process.reconcileFresh("b");
    fanOut.differing();
    Map<String, WorkItem> queued = queued();
    assertEquals(List.of("a"), List.copyOf(queued.keySet()));
    assertEquals(Lane.URGENT, queued.get("a").lane());
    assertTrue(process.fleet.differing().contains("a"), "queueing alone changes nothing");
  }

  private void three() {
    List.of("a", "b", "c").forEach(n -> api.put(node(n).build()));
    process.catchUp();
  }

  private Outcome handle(String key) {
    return fanOut.handle(new WorkItem(key, Lane.CHANGE, Trigger.NONE, Duration.ZERO, 1));
  }

  private Map<String, WorkItem> queued() {
    Map<String, WorkItem> all = new TreeMap<>();
    for (Optional<WorkItem> i = nodes.poll(); i.isPresent(); i = nodes.poll()) {
      all.put(i.get().key(), i.get());
      nodes.done(i.get().key());
    }
    return all;
  }
}
