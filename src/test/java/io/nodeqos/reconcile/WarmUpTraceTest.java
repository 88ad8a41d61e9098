// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.telemetry.tracing.RecordedTraces.attributes;
import static io.nodeqos.telemetry.tracing.RecordedTraces.links;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.telemetry.tracing.RecordedTraces;
import io.nodeqos.telemetry.tracing.TriggerKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One trace for each warm-up, under any leader. */
class WarmUpTraceTest {
  private static final PolicyObject POLICY =
      policy(
          "p",
          "{'warmUp': {'nodeReady': {}, 'reservedPods': [{'namespace': 'kube-system'}],"
              + "'csiDrivers': [{'name': 'csi.example.com'}]}}");

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final RecordedTraces traces = new RecordedTraces(time.source());
  private final Instant start = time.instant();
  private TestProcess leader = lead(traces);
  private ReservedState reserved = reserved(List.of(pod(false)), Set.of());

  @Test
  void traceHasASpanForEachGate() {
    join();
    reconcile(leader);
    time.advance("10S");
    ready(true);
    reconcile(leader);
    time.advance("20S");
    reserved = reserved(List.of(pod(true)), Set.of());
    reconcile(leader);
    time.advance("5S");
    reserved = reserved(List.of(pod(true)), Set.of("csi.example.com"));
    reconcile(leader);
    SpanData root = traces.only("warm up node");
    assertTrue(!root.getParentSpanContext().isValid());
    assertSpan(root, Duration.ZERO, Duration.ofSeconds(35));
    assertEquals("n", attributes(root).get("k8s.node.name"));
    assertEquals("p", attributes(root).get("nodeqos.policy"));
    assertEquals("boot-1", attributes(root).get("nodeqos.boot.id"));
    assertEquals(3, traces.childrenOf(root).size());
    assertSpan(traces.only("gate nodeReady"), Duration.ZERO, Duration.ofSeconds(10));
    SpanData pods = traces.only("gate reservedPods");
    assertSpan(pods, Duration.ZERO, Duration.ofSeconds(30));
    assertEquals(
        Map.of(
            "nodeqos.gate", "reservedPods of kube-system",
            "nodeqos.gate.accuracy", "observed",
            "nodeqos.gate.blocker", "kube-system/cni-x"),
        attributes(pods));
    SpanData csi = traces.only("gate csiDriver");
    assertSpan(csi, Duration.ZERO, Duration.ofSeconds(35));
    assertEquals("csi.example.com", attributes(csi).get("nodeqos.gate.blocker"));
  }

  @Test
  void eachReconcileOfTheWarmUpLinksToIt() {
    join();
    reconcile(leader);
    time.advance("1S");
    warm(leader);
    SpanData root = traces.only("warm up node");
    List<SpanData> reconciles = traces.named("reconcile node");
    assertEquals(2, reconciles.size());
    reconciles.forEach(r -> assertTrue(links(r, root)));
    assertTrue(links(root, reconciles.get(1)), "and it to the one that ended it");
    reconcile(leader);
    assertEquals(List.of(), traces.named("reconcile node").get(2).getLinks());
  }

  @Test
  void idsAreEqualInEveryProcessAndDifferForAnotherBoot() {
    join();
    warm(leader);
    SpanData first = traces.only("warm up node");
    RecordedTraces others = new RecordedTraces(time.source());
    api.delete("n");
    join();
    warm(lead(others));
    assertEquals(first.getTraceId(), others.only("warm up node").getTraceId());
    assertEquals(first.getSpanId(), others.only("warm up node").getSpanId());
    others.forget();
    api.change("n", n -> Plans.rebooted(n, "boot-2", time.instant()));
    warm(lead(others));
    assertNotEquals(first.getTraceId(), others.only("warm up node").getTraceId());
  }

  @Test
  void newLeaderBuildsTheTraceFromEvidenceInTheCluster() {
    join();
    reconcile(leader);
    leader.fence.close();
    Instant readyAt = start.plusSeconds(8);
    Instant podAt = start.plusSeconds(12);
    time.advance("20S");
    api.change("n", n -> withReady(n, true, readyAt));
    reserved =
        reserved(List.of(ReservedFixture.readySince(pod(true), podAt)), Set.of("csi.example.com"));
    RecordedTraces others = new RecordedTraces(time.source());
    reconcile(lead(others));
    SpanData root = others.only("warm up node");
    assertSpan(root, Duration.ZERO, Duration.ofSeconds(20));
    assertEquals(List.of(), traces.named("warm up node"), "one root, by the leader that ended it");
    SpanData nodeReady = others.only("gate nodeReady");
    assertSpan(nodeReady, Duration.ZERO, Duration.ofSeconds(8));
    assertEquals("evidence", attributes(nodeReady).get("nodeqos.gate.accuracy"));
    SpanData pods = others.only("gate reservedPods");
    assertSpan(pods, Duration.ZERO, Duration.ofSeconds(12));
    assertEquals("kube-system/cni-x", attributes(pods).get("nodeqos.gate.blocker"));
    SpanData csi = others.only("gate csiDriver");
    assertSpan(csi, Duration.ZERO, Duration.ofSeconds(20));
    assertEquals("first_seen", attributes(csi).get("nodeqos.gate.accuracy"));
  }

  @Test
  void standbyBuildsTheSameTraceAsTheLeader() {
    join();
    RecordedTraces others = new RecordedTraces(time.source());
    TestProcess standby = lead(others);
    standby.fence.close();
    reconcile(leader);
    reconcile(standby);
    time.advance("10S");
    ready(true);
    reconcile(leader);
    reconcile(standby);
    leader.fence.close();
    standby.fence.open();
    time.advance("5S");
    warm(standby);
    SpanData nodeReady = others.only("gate nodeReady");
    assertSpan(nodeReady, Duration.ZERO, Duration.ofSeconds(10));
    assertEquals("observed", attributes(nodeReady).get("nodeqos.gate.accuracy"));
  }

  @Test
  void warmUpAfterARebootStartsWhenTheConditionTurnedFalse() {
    join();
    warm(leader);
    traces.forget();
    time.advance(Duration.ofHours(5));
    Instant rebooted = time.instant();
    reserved = reserved(List.of(pod(false)), Set.of());
    api.change("n", n -> withReady(Plans.rebooted(n, "boot-2", time.instant()), false, rebooted));
    reconcile(leader);
    time.advance("40S");
    TestProcess next = lead(traces);
    warm(next);
    SpanData root = traces.only("warm up node");
    assertEquals(nanos(rebooted), root.getStartEpochNanos());
    assertEquals(nanos(time.instant()), root.getEndEpochNanos());
    assertEquals("boot-2", attributes(root).get("nodeqos.boot.id"));
  }

  @Test
  void secondWarmUpInTheSameBootHasItsOwnTraceIdOnAnyLeader() {
    PolicyObject continuous =
        policy("p", "{'warmUp': {'mode': 'Continuous', 'stableFor': '0s', 'nodeReady': {}}}");
    leader = lead(traces, continuous);
    join();
    warm(leader);
    String first = traces.only("warm up node").getTraceId();
    traces.forget();
    time.advance("30S");
    ready(false);
    reconcile(leader);
    time.advance("5S");
    Instant lost = time.instant();
    reconcile(leader);
    time.advance("20S");
    NodeView waiting = api.node("n");
    warm(lead(traces, continuous));
    SpanData second = traces.only("warm up node");
    assertNotEquals(first, second.getTraceId());
    assertEquals("boot-1", attributes(second).get("nodeqos.boot.id"));
    assertEquals(nanos(lost), second.getStartEpochNanos());
    RecordedTraces others = new RecordedTraces(time.source());
    api.put(waiting);
    warm(lead(others, continuous));
    assertEquals(second.getTraceId(), others.only("warm up node").getTraceId());
  }

  @Test
  void traceOfAnOldNodeStartsWithItsFirstWaitingReconcile() {
    api.put(
        node("n").created(Instant.parse("2025-01-01T00:00:00Z")).taint(Keys.STARTUP_TAINT).build());
    ready(false);
    reconcile(leader);
    time.advance("15S");
    warm(leader);
    assertSpan(traces.only("warm up node"), Duration.ZERO, Duration.ofSeconds(15));
  }

  @Test
  void failedWriteOfTheMarkEndsNoTrace() {
    join();
    reconcile(leader);
    time.advance("3S");
    api.thenAnswer(new WriteResult.Retry("timeout", Duration.ZERO));
    warm(leader);
    assertEquals(List.of(), traces.named("warm up node"));
    time.advance("4S");
    reconcile(leader);
    assertSpan(traces.only("warm up node"), Duration.ZERO, Duration.ofSeconds(7));
    assertSpan(traces.only("gate nodeReady"), Duration.ZERO, Duration.ofSeconds(3));
  }

  @Test
  void traceShowsStableForAfterTheLastGate() {
    leader = lead(traces, policy("p", "{'warmUp': {'nodeReady': {}, 'stableFor': '30s'}}"));
    join();
    reconcile(leader);
    time.advance("5S");
    ready(true);
    reconcile(leader);
    time.advance("30S");
    reconcile(leader);
    assertSpan(traces.only("stabilize"), Duration.ofSeconds(5), Duration.ofSeconds(35));
  }

  @Test
  void gateSpanEndsWithTheLastOpening() {
    join();
    reconcile(leader);
    ready(true);
    reconcile(leader);
    time.advance("10S");
    ready(false);
    reconcile(leader);
    time.advance("10S");
    warm(leader);
    assertSpan(traces.only("gate nodeReady"), Duration.ZERO, Duration.ofSeconds(20));
  }

  @Test
  void warmUpTraceFollowsTheSampler() {
    RecordedTraces none = new RecordedTraces(time.source(), Sampler.alwaysOff());
    join();
    warm(lead(none));
    assertTrue(api.node("n").labels().containsKey(Keys.WARMED_UP));
    assertEquals(List.of(), none.spans());
  }

  private TestProcess lead(RecordedTraces recorded) {
    return lead(recorded, POLICY);
  }

  private TestProcess lead(RecordedTraces recorded, PolicyObject policy) {
    TestProcess process =
        new TestProcess(
            api,
            time,
            recorded.tracing(),
            TestProcess.AFTER_CONFLICTS,
            TestProcess.AFTER_FAILURES,
            policy);
    process.fence.open();
    return process;
  }

  private void join() {
    api.put(node("n").created(start).taint(Keys.STARTUP_TAINT).build());
    ready(false);
  }

  private void ready(boolean ready) {
    api.change("n", n -> withReady(n, ready, time.instant()));
  }

  /** All gates open, and the reconcile that follows. */
  private void warm(TestProcess process) {
    ready(true);
    reserved = reserved(List.of(pod(true)), Set.of("csi.example.com"));
    reconcile(process);
  }

  private void reconcile(TestProcess process) {
    process.catchUp();
    process.cluster.reserve("n", reserved);
    try {
      process.handler.handle(
          new WorkItem("n", Lane.CHANGE, new Trigger(TriggerKind.NODE, ""), Duration.ZERO, 1));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    process.catchUp();
  }

  private PodView pod(boolean ready) {
    return ReservedFixture.reported(ReservedFixture.pod("cni", ready), time.instant());
  }

  private static ReservedState reserved(List<PodView> pods, Set<String> csiDrivers) {
    return new ReservedState(
        ReservedFixture.kubeSystem(pods, List.of()).namespaces(), Optional.of(csiDrivers));
  }

  private static NodeView withReady(NodeView node, boolean ready, Instant since) {
    Map<String, NodeCondition> conditions = new HashMap<>(node.status().conditions());
    conditions.put(
        "Ready", new NodeCondition("Ready", ready ? "True" : "False", "Test", "", since));
    NodeView.Status s = node.status();
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            s.capacity(), s.allocatable(), conditions, s.images(), s.bootId(), s.software()));
  }

  private void assertSpan(SpanData span, Duration from, Duration to) {
    assertEquals(from, Duration.ofNanos(span.getStartEpochNanos() - nanos(start)), span.getName());
    assertEquals(to, Duration.ofNanos(span.getEndEpochNanos() - nanos(start)), span.getName());
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }
}
