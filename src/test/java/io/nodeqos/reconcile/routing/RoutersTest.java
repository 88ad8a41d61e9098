// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.FakePolicyWriter;
import io.nodeqos.reconcile.QueuedProcess;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutersTest {
  private static final String WARM_UP = "{'warmUp': {'nodeReady': {}}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final QueuedProcess process = new QueuedProcess(api, new FakePolicyWriter(), time);
  private final ClusterListener router = process.router;

  @BeforeEach
  void oneNodeIsWarmAndOneWaits() {
    process.process.policies.apply(policy("p", WARM_UP));
    process.process.fence.open();
    api.put(node("warm").build());
    api.put(node("waiting").condition("Ready", "False").build());
    process.process.reconcileFresh("warm");
    process.process.reconcileFresh("waiting");
  }

  @Test
  void newAndWaitingNodesComeBeforeWarmOnes() {
    router.nodeChanged(Optional.empty(), node("new").build());
    router.nodeChanged(Optional.empty(), node("waiting").build());
    router.nodeChanged(Optional.empty(), node("warm").build());
    assertEquals(Lane.URGENT, next(process.nodes).lane());
    assertEquals(Lane.URGENT, next(process.nodes).lane());
    assertEquals(Lane.CHANGE, next(process.nodes).lane());
  }

  @Test
  void triggerNamesTheObjectOfTheEvent() {
    router.podChanged("warm", "storage");
    assertEquals(new Trigger(TriggerKind.POD, "storage"), next(process.nodes).trigger());
    router.csiNodeChanged("warm");
    assertEquals(new Trigger(TriggerKind.CSI_NODE, ""), next(process.nodes).trigger());
    router.nodeDeleted("warm");
    assertEquals(new Trigger(TriggerKind.NODE, ""), next(process.nodes).trigger());
  }

  @Test
  void reservedNamespaceIsOneKeyForAllNodes() {
    router.reservedNamespaceChanged("storage");
    router.reservedNamespaceChanged("storage");
    assertEquals(FanOut.namespace("storage"), next(process.fanOuts).key());
    assertEquals(0, process.fanOuts.length());
    assertEquals(0, process.nodes.length());
  }

  @Test
  void newGenerationOfAPolicyIsQueued() {
    router.policyChanged(policy("p", 2, PolicyFixture.CREATED, "{}"));
    assertEquals("p", next(process.policies).key());
    assertEquals(FanOut.policy("p"), next(process.fanOuts).key());
  }

  @Test
  void invalidPolicyIsQueued() {
    router.policyChanged(policy("q", "{'priority': 'high'}"));
    assertEquals("q", next(process.policies).key());
  }

  @Test
  void statusOfAnotherWriterIsQueued() {
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", 7);
    router.policyChanged(policy("p", WARM_UP).withStatus("77", status));
    assertEquals("p", next(process.policies).key());
    assertEquals(0, process.fanOuts.length());
  }

  @Test
  void ownRecordOfTheRolloutIsQueuedWhenItTellsSomethingElse() {
    PolicyObject written =
        policy("p", WARM_UP).withStatus("77", json("{'rollout': {'stable': 'aaaaaaaaaa'}}"));
    process.policyWrites.statusWritten(written, time.instant(), 1);
    router.policyChanged(written);
    assertEquals(0, process.policies.length());
    PolicyObject begun =
        written.withStatus(
            "78", json("{'rollout': {'stable': 'aaaaaaaaaa', 'message': 'One of 2 nodes.'}}"));
    process.policyWrites.partWritten(begun, 1);
    router.policyChanged(begun);
    assertEquals("p", next(process.policies).key(), "the conditions tell of the rollout");
  }

  @Test
  void ownStatusOfAPolicyIsNotQueued() {
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", 1);
    PolicyObject written = policy("p", WARM_UP).withStatus("77", status);
    process.policyWrites.statusWritten(written, time.instant(), 1);
    router.policyChanged(written);
    assertEquals(0, process.policies.length(), "our own write would cause the next one");
    assertEquals(0, process.fanOuts.length());
    assertEquals(
        Optional.of("77"),
        process.process.policies.entry("p").map(e -> e.latest().meta().resourceVersion()),
        "but the next write starts from it");
  }

  @Test
  void deletedPolicyIsQueuedOnce() {
    router.policyDeleted("p");
    assertEquals(List.of("p"), List.of(next(process.policies).key()));
    assertEquals(FanOut.policy("p"), next(process.fanOuts).key());
    router.policyDeleted("p");
    assertEquals(0, process.policies.length());
  }

  private static WorkItem next(KeyedQueue queue) {
    WorkItem item = queue.poll().orElseThrow();
    queue.done(item.key());
    return item;
  }
}
