// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout.report;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.reconcile.rollout.report.Rollouts.START;
import static io.nodeqos.reconcile.rollout.report.Rollouts.complete;
import static io.nodeqos.reconcile.rollout.report.Rollouts.failing;
import static io.nodeqos.reconcile.rollout.report.Rollouts.soaking;
import static io.nodeqos.reconcile.rollout.report.Rollouts.started;
import static io.nodeqos.reconcile.rollout.report.Rollouts.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.telemetry.tracing.RecordedTraces;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The trace of a rollout under several leaders. */
class RolloutTracesTest {
  private static final String TRACE = "example.com/trace";

  private final FakeTime time = new FakeTime(START);
  private final PolicyObject.Meta gold = policy("gold", "{}").meta();
  private final RecordedTraces traces = new RecordedTraces(time.source());
  private final Map<String, NodeView> nodes = new HashMap<>();
  private final RolloutSightings firstSees = new RolloutSightings(TRACE, time.source());
  private final RolloutSightings secondSees = new RolloutSightings(TRACE, time.source());
  private final RolloutTraces first = new RolloutTraces(traces.tracing(), firstSees);
  private final RolloutTraces second = new RolloutTraces(traces.tracing(), secondSees);
  private Optional<RolloutState> last = Optional.empty();
  private int spans;

  @Test
  void eachStepIsASpanWithLinksToItsOwnWrites() {
    becomes(first, started());
    write("n1", Rollouts.TARGET);
    write("n2", Rollouts.TARGET);
    time.advance("10S");
    becomes(first, soaking(started(), 10));
    assertEquals(List.of(), traces.spans(), "nothing has ended");
    time.advance("60S");
    becomes(first, step(2, 70));
    time.advance("1S");
    write("n3", Rollouts.TARGET);
    time.advance("69S");
    becomes(first, step(3, 140));
    time.advance("30S");
    becomes(first, complete(step(3, 140)));

    SpanData root = traces.only("rollout gold");
    assertEquals(Duration.ofSeconds(170), duration(root));
    assertEquals("Complete", RecordedTraces.attributes(root).get("nodeqos.rollout.phase"));
    assertEquals(
        Rollouts.STABLE,
        RecordedTraces.attributes(root).get("nodeqos.rollout.stable"),
        "as it was before");
    assertEquals(StatusCode.UNSET, root.getStatus().getStatusCode());
    assertEquals(3, traces.childrenOf(root).size());
    SpanData one = traces.only("step 1");
    assertEquals(Duration.ofSeconds(70), duration(one));
    assertEquals(List.of("n1", "n2"), linked(one));
    assertEquals(nanos(START.plusSeconds(10)), one.getEvents().get(0).getEpochNanos());
    assertEquals("10", RecordedTraces.attributes(one).get("nodeqos.rollout.updated"));
    assertEquals(List.of("n3"), linked(traces.only("step 2")));
    assertEquals(nanos(START.plusSeconds(70)), traces.only("step 2").getStartEpochNanos());
    assertEquals(List.of(), linked(traces.only("step 3")));
  }

  @Test
  void nextLeaderGoesOnWithTheSameTraceAndKnowsTheWritesOfTheFirst() {
    becomes(first, started());
    write("n1", Rollouts.TARGET);
    time.advance("70S");
    becomes(first, step(2, 70));
    time.advance("1S");
    write("n2", Rollouts.TARGET);
    time.advance("29S");
    becomes(second, complete(step(2, 70)));

    SpanData root = traces.only("rollout gold");
    assertEquals(
        List.of("step 1", "step 2"),
        traces.childrenOf(root).stream().map(SpanData::getName).toList());
    assertEquals(List.of("n2"), linked(traces.only("step 2")), "n1 was of the step before");
    assertEquals(nanos(START), root.getStartEpochNanos());
  }

  @Test
  void rollbackHasItsOwnSpanAndFailedNodesAreLinkedFirst() {
    becomes(first, started());
    write("n1", Rollouts.TARGET);
    write("n2", Rollouts.TARGET);
    time.advance("10S");
    becomes(first, failing(started(), RolloutPhase.ROLLING_BACK, "TooManyFailed"));
    write("n1", "");
    write("n2", "");
    time.advance("20S");
    becomes(first, failing(started(), RolloutPhase.ROLLED_BACK, "RolledBack"));

    SpanData one = traces.only("step 1");
    assertEquals(StatusCode.ERROR, one.getStatus().getStatusCode());
    assertEquals("2 of 5 nodes failed.", one.getStatus().getDescription());
    SpanData back = traces.only("roll back");
    assertEquals(nanos(START.plusSeconds(10).plusMillis(2)), back.getStartEpochNanos());
    assertEquals(Duration.ofSeconds(20), duration(back));
    assertEquals(List.of("n2", "n1"), linked(back));
    assertEquals(StatusCode.ERROR, traces.only("rollout gold").getStatus().getStatusCode());
  }

  @Test
  void leaderThatTakesARollbackOverHasSeenItsStart() {
    becomes(first, started());
    write("n1", Rollouts.TARGET);
    time.advance("10S");
    becomes(first, failing(started(), RolloutPhase.ROLLING_BACK, "TooManyFailed"));
    write("n1", "");
    time.advance("20S");
    becomes(second, failing(started(), RolloutPhase.ROLLED_BACK, "RolledBack"));

    SpanData back = traces.only("roll back");
    assertEquals(Duration.ofSeconds(20), duration(back));
    assertEquals(List.of("n1"), linked(back));
    assertEquals(StatusCode.UNSET, back.getStatus().getStatusCode());
  }

  @Test
  void rollbackThatBeganBeforeTheProcessBeginsWithTheLastFailure() {
    RolloutTraces third =
        new RolloutTraces(traces.tracing(), new RolloutSightings(TRACE, time.source()));
    becomes(first, started());
    time.advance("10S");
    becomes(first, failing(started(), RolloutPhase.ROLLING_BACK, "TooManyFailed"));
    time.advance("20S");
    becomes(third, failing(started(), RolloutPhase.ROLLED_BACK, "RolledBack"));

    assertEquals(nanos(START.plusSeconds(9)), traces.only("roll back").getStartEpochNanos());
  }

  @Test
  void nextRollbackHasItsOwnStart() {
    becomes(first, failing(started(), RolloutPhase.ROLLED_BACK, "RolledBack"));
    RolloutState again = Rollouts.of(started(), Rollouts.TARGET, 600);
    time.advance("600S");
    becomes(first, again);
    time.advance("5S");
    becomes(first, again.in(RolloutPhase.ROLLING_BACK, "TooManyFailed", "Failed."));
    time.advance("5S");
    becomes(first, again.in(RolloutPhase.ROLLED_BACK, "RolledBack", "Failed."));

    assertEquals(Duration.ofSeconds(5), duration(traces.only("roll back")));
  }

  @Test
  void retryIsAnotherTrace() {
    last = Optional.of(failing(started(), RolloutPhase.ROLLED_BACK, "RolledBack"));
    RolloutState again = Rollouts.of(started(), Rollouts.TARGET, 600);
    String id = becomes(first, again);
    time.advance("700S");
    becomes(first, complete(again));

    assertEquals(id, traces.only("rollout gold").getTraceId());
    assertEquals(nanos(START.plusSeconds(600)), traces.only("rollout gold").getStartEpochNanos());
  }

  @Test
  void replacedRolloutEnds() {
    becomes(first, started());
    time.advance("30S");
    becomes(first, Rollouts.of(started(), "cccccccccc", 30));

    SpanData root = traces.only("rollout gold");
    assertEquals("Replaced", RecordedTraces.attributes(root).get("nodeqos.rollout.phase"));
    assertEquals(Rollouts.TARGET, RecordedTraces.attributes(root).get("nodeqos.revision"));
    assertEquals(Duration.ofSeconds(30), duration(traces.only("step 1")));
  }

  @Test
  void recordOfAPolicyWithoutARolloutIsNoTrace() {
    assertEquals("", becomes(first, RolloutState.complete(Rollouts.STABLE, 3)));
    assertTrue(traces.spans().isEmpty());
  }

  @Test
  void laterWriteOfANodeIsNotLinked() {
    becomes(first, started());
    write("n1", Rollouts.TARGET);
    NodeView moved = nodes.get("n1");
    firstSees.nodeChanged(
        Optional.of(moved),
        node("n1")
            .annotation(Keys.CONFIG, moved.annotations().get(Keys.CONFIG).replace("2", "3"))
            .annotation(TRACE, traceparent())
            .build());
    time.advance("70S");
    becomes(first, step(2, 70));

    assertEquals(1, traces.only("step 1").getLinks().size());
    assertEquals(
        "%032x".formatted(1),
        traces.only("step 1").getLinks().get(0).getSpanContext().getTraceId());
  }

  @Test
  void nodesThatAreGoneAndOtherPoliciesAreNotLinked() {
    becomes(first, started());
    write("n1", Rollouts.TARGET);
    write("n2", Rollouts.TARGET);
    firstSees.nodeDeleted("n1");
    NodeView other = node("n3").annotation(Keys.CONFIG, "{}").build();
    firstSees.nodeChanged(
        Optional.of(other),
        node("n3")
            .annotation(Keys.CONFIG, "{\"revisions\":{\"other\":\"" + Rollouts.TARGET + "\"}}")
            .annotation(TRACE, traceparent())
            .build());
    time.advance("70S");
    becomes(first, step(2, 70));

    assertEquals(List.of("n2"), linked(traces.only("step 1")));
  }

  private String becomes(RolloutTraces leader, RolloutState now) {
    String id = leader.changed(gold, last, now, time.instant(), leader == first ? 1 : 2);
    JsonObject status = new JsonObject();
    status.add(RolloutJson.FIELD, RolloutJson.json(now));
    firstSees.policyChanged(PolicyFixture.withStatus(policy("gold", "{}"), status));
    secondSees.policyChanged(PolicyFixture.withStatus(policy("gold", "{}"), status));
    last = Optional.of(now);
    return id;
  }

  /** Both replicas see a node with another revision. */
  private void write(String name, String revision) {
    NodeView before =
        nodes.getOrDefault(name, node(name).annotation(Keys.CONFIG, "{\"version\":\"1\"}").build());
    String revisions = revision.isEmpty() ? "" : "\"revisions\":{\"gold\":\"" + revision + "\"},";
    NodeView now =
        node(name)
            .annotation(Keys.CONFIG, "{" + revisions + "\"version\":\"2\"}")
            .annotation(TRACE, traceparent())
            .build();
    for (RolloutSightings replica : List.of(firstSees, secondSees)) {
      replica.nodeChanged(Optional.of(before), now);
    }
    nodes.put(name, now);
    time.advance(Duration.ofMillis(1));
  }

  private String traceparent() {
    spans++;
    return "00-%032x-%016x-01".formatted(spans, spans);
  }

  private static List<String> linked(SpanData span) {
    return span.getLinks().stream()
        .map(link -> link.getAttributes().asMap().values().iterator().next().toString())
        .toList();
  }

  private static Duration duration(SpanData span) {
    return Duration.ofNanos(span.getEndEpochNanos() - span.getStartEpochNanos())
        .truncatedTo(ChronoUnit.SECONDS);
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }
}
