// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.hasTaint;
import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Startup taints that no policy removes are reported, once, and never removed. */
class OrphanTaintsTest {
  private static final String SPEC =
      "{'nodeSelector': {'matchLabels': {'pool': 'x'}}, 'warmUp': {'nodeReady': {}}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();

  @Test
  void orphanedTaintIsReportedOnceAfterTheGracePeriodAndStays() {
    TestProcess process = TestProcess.leader(api, time, policy("p", SPEC));
    join("x", false);
    process.reconcileFresh("n");
    process.policies.remove("p");
    process.events.latest();
    int before = process.events.latest().size();

    assertEquals(
        new Outcome.Again(Lane.CHANGE, TestProcess.ORPHAN_GRACE), process.reconcileFresh("n"));
    assertEquals(0, process.fleet.orphanTaints(), "a policy may yet come");
    time.advance("2M");
    for (int i = 0; i < 3; i++) {
      assertEquals(Outcome.done(), process.reconcileFresh("n"));
    }

    List<QosEvent> reported =
        process.events.latest().subList(before, process.events.latest().size());
    assertEquals(1, reported.size(), reported::toString);
    assertEquals(QosEvent.Type.ORPHAN_STARTUP_TAINT, reported.get(0).type());
    assertTrue(
        reported
            .get(0)
            .message()
            .endsWith("kubectl taint node n nodeqos.io/warming-up:NoSchedule-"),
        reported.get(0)::message);
    assertEquals(1, process.fleet.orphanTaints());
    assertEquals("n", process.fleet.orphans(20).get(0).node());
    assertTrue(hasTaint(api.node("n"), Keys.STARTUP_TAINT, "NoSchedule"));
  }

  @Test
  void policyWithinTheGracePeriodPreventsAReportAndALaterOneEndsIt() {
    TestProcess process = TestProcess.leader(api, time);
    join("x", false);
    process.reconcileFresh("n");
    time.advance("1M");
    process.policies.apply(policy("p", SPEC));
    process.reconcileFresh("n");
    process.policies.remove("p");
    time.advance("90S");
    process.reconcileFresh("n");
    assertEquals(0, process.fleet.orphanTaints(), "the time counts from now");
    time.advance("2M");
    process.reconcileFresh("n");
    assertEquals(1, process.fleet.orphanTaints());
    process.policies.apply(policy("p", SPEC));
    process.reconcileFresh("n");
    assertEquals(0, process.fleet.orphanTaints());
  }

  @Test
  void standbyReportsNoOrphanNeitherThenNorWhenItLeads() {
    TestProcess standby = new TestProcess(api, time);
    join("x", false);
    standby.reconcileFresh("n");
    time.advance("2M");
    standby.reconcileFresh("n");
    assertEquals(List.of(), standby.events.latest());
    assertEquals(1, standby.fleet.orphanTaints());
    standby.fence.open();
    standby.reconcileFresh("n");
    assertEquals(List.of(), standby.events.latest());
  }

  @Test
  void taintIsAnOrphanIfNoSectionInForceUsesIt() {
    PolicyObject p = policy("p", SPEC);
    PolicyObject autoscaler =
        policy(
            "q",
            "{'nodeSelector': {'matchLabels': {'pool': 'q'}}, 'warmUp': {'nodeReady': {},"
                + "'taintKey': 'startup-taint.cluster-autoscaler.kubernetes.io/w'}}");
    PolicyObject karpenter =
        policy(
            "r",
            "{'nodeSelector': {'matchLabels': {'pool': 'r'}}, 'warmUp': {'nodeReady': {},"
                + "'taintKey': 'readiness.k8s.io/ours'}}");
    List<String> keys =
        List.of(
            Keys.STARTUP_TAINT,
            "nodeqos.io/other",
            "startup-taint.cluster-autoscaler.kubernetes.io/w",
            "startup-taint.cluster-autoscaler.kubernetes.io/theirs",
            "readiness.k8s.io/ours",
            "readiness.k8s.io/NetworkReady",
            "example.com/t");
    var tainted = node("n").label("pool", "x").condition("Ready", "False");
    keys.forEach(tainted::taint);
    tainted.taint(Taint.of("nodeqos.io/evict", "NoExecute"));
    api.put(tainted.build());
    TestProcess process = TestProcess.leader(api, time, p, autoscaler, karpenter);
    process.reconcileFresh("n");
    assertEquals(
        List.of(
            "nodeqos.io/other:NoSchedule",
            "startup-taint.cluster-autoscaler.kubernetes.io/w:NoSchedule",
            "readiness.k8s.io/ours:NoSchedule"),
        process.fleet.state("n").notes().orphans().taints());
  }

  @Test
  void frozenNodeHasNoOrphan() {
    String suspended = SPEC.replace("{'nodeSelector'", "{'suspend': true, 'nodeSelector'");
    TestProcess process = TestProcess.leader(api, time, policy("p", suspended));
    join("x", false);
    process.reconcileFresh("n");
    time.advance("1H");
    process.reconcileFresh("n");
    assertEquals(0, process.fleet.orphanTaints());
  }

  @Test
  void deletedNodeHasNoOrphan() {
    TestProcess process = TestProcess.leader(api, time);
    join("y", true);
    process.reconcileFresh("n");
    time.advance(Duration.ofMinutes(2));
    process.reconcileFresh("n");
    assertEquals(1, process.fleet.orphanTaints());
    api.delete("n");
    process.reconcileFresh("n");
    assertEquals(0, process.fleet.orphanTaints());
    assertFalse(process.fleet.orphans(1).iterator().hasNext());
  }

  private NodeView join(String pool, boolean ready) {
    return api.put(
        node("n")
            .label("pool", pool)
            .taint(Keys.STARTUP_TAINT)
            .condition("Ready", ready ? "True" : "False")
            .build());
  }
}
