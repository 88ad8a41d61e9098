// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.revision;
import static io.nodeqos.fixture.PolicyFixture.withStatus;
import static io.nodeqos.telemetry.tracing.RecordedTraces.attributes;
import static io.nodeqos.telemetry.tracing.RecordedTraces.links;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.telemetry.tracing.RecordedTraces;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The spans of reconciles of a whole process with its queues, over the real reconcilers. */
class ReconcileTraceTest {
  private static final String SPEC =
      "{'reservation': {'cpu': '500m'}, 'warmUp': {'nodeReady': {}}}";

  private static final Set<String> PARTS =
      Set.of(
          "check reserved namespaces",
          "update status",
          "sync config",
          "worker reservation",
          "worker zum",
          "worker image");

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final FakePolicyWriter policyApi = new FakePolicyWriter();
  private final RecordedTraces traces = new RecordedTraces(time.source());
  private final QueuedProcess process = new QueuedProcess(api, policyApi, time, traces.tracing());

  @Test
  void spanOfAWritingReconcileNamesResultAndNode() {
    apply(SPEC);
    process.lead();
    drain();
    traces.forget();
    api.put(node("n").build());
    see();
    time.advance("2S");
    work();
    SpanData span = traces.named("reconcile node").get(0);
    assertEquals(
        Map.of(
            "k8s.node.name", "n",
            "nodeqos.policy", "p",
            "nodeqos.config.version", api.node("n").labels().get(Keys.CONFIG_VERSION),
            "nodeqos.leader.epoch", "1",
            "nodeqos.queue.wait_ms", "2000",
            "nodeqos.attempt", "1",
            "nodeqos.trigger", "Node",
            "nodeqos.result", "written"),
        attributes(span));
    assertEquals(StatusCode.UNSET, span.getStatus().getStatusCode());
    assertFalse(span.getParentSpanContext().isValid(), "each reconcile has a trace of its own");
  }

  @Test
  void writingReconcileHasASpanForEachPart() {
    apply(SPEC);
    api.put(node("n").build());
    process.lead();
    see();
    work();
    SpanData span = traces.named("reconcile node").get(0);
    assertEquals("written", attributes(span).get("nodeqos.result"));
    assertEquals(PARTS, names(traces.childrenOf(span)));
  }

  @Test
  void standbyReconcileWithADifferenceHasASpanForEachPart() {
    apply(SPEC);
    api.put(node("n").build());
    see();
    work();
    SpanData span = traces.named("reconcile node").get(0);
    assertEquals("not_leading", attributes(span).get("nodeqos.result"));
    assertEquals(PARTS, names(traces.childrenOf(span)));
  }

  @Test
  void statusPartHasASpanWithoutAWarmUp() {
    apply("{'reservation': {'cpu': '500m'}}");
    api.put(node("n").build());
    process.lead();
    see();
    work();
    SpanData span = traces.named("reconcile node").get(0);
    assertEquals("written", attributes(span).get("nodeqos.result"));
    assertEquals(PARTS, names(traces.childrenOf(span)));
  }

  @Test
  void slowReconcileWithoutAChangeHasASpanForEachPart() {
    apply(SPEC);
    api.put(node("n").build());
    process.lead();
    drain();
    traces.forget();
    process.router.podChanged("n", "kube-system");
    process.process.cluster.onReserved(() -> time.advance("0.01S"));
    work();
    SpanData span = traces.only("reconcile node");
    assertEquals("unchanged", attributes(span).get("nodeqos.result"));
    assertEquals(PARTS, names(traces.childrenOf(span)));
    SpanData slow = traces.only("check reserved namespaces");
    assertEquals(10_000_000, slow.getEndEpochNanos() - slow.getStartEpochNanos());
    assertEquals(span.getStartEpochNanos(), slow.getStartEpochNanos());
    assertEquals(span.getEndEpochNanos(), slow.getEndEpochNanos());
  }

  @Test
  void quickReconcileWithoutAChangeIsOneSpan() {
    apply(SPEC);
    api.put(node("n").build());
    process.lead();
    drain();
    traces.forget();
    process.router.podChanged("n", "kube-system");
    work();
    SpanData span = traces.only("reconcile node");
    assertEquals("unchanged", attributes(span).get("nodeqos.result"));
    assertEquals(List.of(), traces.childrenOf(span));
  }

  @Test
  void reconcileLinksToTheEventThatCausedIt() {
    apply(SPEC);
    process.lead();
    drain();
    traces.forget();
    api.put(node("n").build());
    see();
    work();
    SpanData event = traces.only("node event");
    assertEquals(Map.of("k8s.node.name", "n"), attributes(event));
    assertTrue(links(traces.named("reconcile node").get(0), event));
  }

  @Test
  void nodeReconcilesLinkToThePolicyChange() {
    api.put(node("a").build());
    api.put(node("b").uid("uid-2").build());
    process.lead();
    drain();
    traces.forget();
    apply(SPEC);
    process.seePolicies(List.copyOf(policyApi.policies().values()));
    for (int i = 0; i < 5; i++) {
      process.work();
    }
    SpanData event = traces.only("policy event");
    assertEquals(Map.of("nodeqos.policy", "p"), attributes(event));
    List<SpanData> nodes = traces.named("reconcile node");
    assertEquals(2, nodes.size());
    nodes.forEach(n -> assertTrue(links(n, event), n.toString()));
    assertEquals("NodeQoSPolicy", attributes(nodes.get(0)).get("nodeqos.trigger"));
    assertTrue(links(traces.named("reconcile policy").get(0), event));
  }

  @Test
  void retryLinksToTheAttemptBeforeIt() {
    apply(SPEC);
    process.lead();
    drain();
    traces.forget();
    api.thenAnswer(new WriteResult.Retry("503 Service Unavailable", Duration.ZERO));
    api.put(node("n").build());
    see();
    work();
    time.advance("1S");
    work();
    List<SpanData> attempts = traces.named("reconcile node");
    SpanData failed = attempts.get(0);
    assertEquals("retry", attributes(failed).get("nodeqos.result"));
    assertEquals(StatusCode.ERROR, failed.getStatus().getStatusCode());
    assertTrue(failed.getStatus().getDescription().contains("503 Service Unavailable"));
    assertEquals("2", attributes(attempts.get(1)).get("nodeqos.attempt"));
    assertEquals("written", attributes(attempts.get(1)).get("nodeqos.result"));
    assertTrue(links(attempts.get(1), failed));
  }

  @Test
  void timedReconcileLinksToTheReconcileThatRequestedIt() {
    apply("{'warmUp': {'nodeReady': {}, 'stableFor': '30s'}}");
    process.lead();
    drain();
    traces.forget();
    api.put(node("n").build());
    drain();
    List<SpanData> before = traces.named("reconcile node");
    time.advance("30S");
    work();
    SpanData again = last(traces.named("reconcile node"));
    assertEquals("written", attributes(again).get("nodeqos.result"));
    assertTrue(links(again, last(before)));
  }

  @Test
  void unexpectedExceptionIsRecordedInTheSpan() {
    apply(SPEC);
    api.put(node("n").build());
    process.lead();
    see();
    process.process.cluster.onReserved(
        () -> {
          throw new IllegalStateException("broken cache");
        });
    try {
      work();
    } catch (AssertionError expected) {
      assertTrue(expected.getCause().getMessage().contains("broken cache"));
    }
    for (String name : List.of("reconcile node", "check reserved namespaces")) {
      SpanData span = traces.only(name);
      assertEquals(StatusCode.ERROR, span.getStatus().getStatusCode());
      assertEquals("exception", span.getEvents().get(0).getName());
    }
    assertEquals(Optional.empty(), WorkTrace.current().traceparent(), "nothing is left behind");
  }

  @Test
  void nodeCarriesTheTraceOfTheLastWritingReconcile() {
    apply(SPEC);
    api.put(node("n").build());
    process.lead();
    drain();
    SpanData wrote =
        traces.named("reconcile node").stream()
            .filter(s -> "written".equals(attributes(s).get("nodeqos.result")))
            .findFirst()
            .orElseThrow();
    assertEquals(
        "00-" + wrote.getTraceId() + "-" + wrote.getSpanId() + "-03",
        api.node("n").annotations().get(Keys.TRACEPARENT));
    assertEquals(2, api.writes().size(), "it is part of another write");
  }

  @Test
  void nodeCarriesNoUnsampledTrace() {
    RecordedTraces none = new RecordedTraces(time.source(), Sampler.alwaysOff());
    QueuedProcess other = new QueuedProcess(api, policyApi, time, none.tracing());
    apply(SPEC);
    api.put(node("n").annotation(Keys.TRACEPARENT, "00-1-2-01").build());
    other.seePolicies(List.copyOf(policyApi.policies().values()));
    other.see("n", Optional.of(api.node("n")));
    other.lead();
    while (other.work()) {
      // Until nothing is left.
    }
    assertTrue(api.node("n").labels().containsKey(Keys.WARMED_UP));
    assertFalse(
        api.node("n").annotations().containsKey(Keys.TRACEPARENT), "that of an older write");
    assertEquals(List.of(), none.spans());
  }

  @Test
  void spanOfAPolicyReconcileNamesItsResult() {
    apply(SPEC);
    process.lead();
    drain();
    SpanData span = traces.named("reconcile policy").get(0);
    assertEquals("p", attributes(span).get("nodeqos.policy"));
    assertEquals("written", attributes(span).get("nodeqos.result"));
    policyApi.thenAnswer(new WriteResult.Rejected(422, "no"));
    traces.forget();
    api.put(node("n").build());
    drain();
    time.advance("10S");
    drain();
    SpanData refused = traces.named("reconcile policy").get(0);
    assertEquals("rejected", attributes(refused).get("nodeqos.result"));
    assertEquals(StatusCode.ERROR, refused.getStatus().getStatusCode());
  }

  @Test
  void spanOfAWriteThatGivesANodeAnotherRevisionNamesIt() {
    PolicyCatalog policies = process.process.policies;
    PolicyObject first = policy("p", "{'reservation': {'cpu': '500m'}, 'rollout': {}}");
    policies.apply(first);
    String stable = policies.snapshot().inForce().get(0).revision();
    api.put(node("n").build());
    process.lead();
    see("n");
    work();
    policies.apply(revision("p", 1, "{'reservation': {'cpu': '500m'}, 'rollout': {}}"));
    policies.apply(
        withStatus(
            policy("p", 2, CREATED, "{'reservation': {'cpu': '700m'}, 'rollout': {}}"),
            json("{'rollout': {'stable': '" + stable + "', 'stableGeneration': 1}}")));
    String target = policies.snapshot().inForce().get(0).revision();
    traces.forget();

    policies.moves().move("p", "n", target);
    process.nodes.add("n");
    work();
    see("n");
    assertEquals("p=" + target, given(last(traces.named("reconcile node"))));
    process.nodes.add("n");
    work();
    assertNull(given(last(traces.named("reconcile node"))), "it has it already");
    policies.moves().move("p", "n", stable);
    process.nodes.add("n");
    work();
    assertEquals("p=stable", given(last(traces.named("reconcile node"))));
  }

  private static String given(SpanData span) {
    return attributes(span).get("nodeqos.revision");
  }

  private void see(String node) {
    process.see(node, Optional.of(api.node(node)));
  }

  private void apply(String spec) {
    policyApi.apply(policy("p", spec));
  }

  private void see() {
    process.seePolicies(List.copyOf(policyApi.policies().values()));
    api.nodes().forEach(n -> process.see(n.name(), Optional.of(n)));
  }

  private void work() {
    for (int i = 0; i < 100 && process.work(); i++) {
      // Until nothing is left.
    }
  }

  /** The caches see everything, and all that follows from it is done. */
  private void drain() {
    for (int i = 0; i < 5; i++) {
      see();
      work();
    }
  }

  private static SpanData last(List<SpanData> spans) {
    return spans.get(spans.size() - 1);
  }

  private static Set<String> names(List<SpanData> spans) {
    return spans.stream().map(SpanData::getName).collect(Collectors.toSet());
  }
}
