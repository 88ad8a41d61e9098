// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.telemetry.tracing.RolloutTrace.End;
import io.nodeqos.telemetry.tracing.RolloutTrace.NodeWrite;
import io.nodeqos.telemetry.tracing.RolloutTrace.Outcome;
import io.nodeqos.telemetry.tracing.RolloutTrace.Part;
import io.nodeqos.telemetry.tracing.RolloutTrace.Subject;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutTraceTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Outcome GOOD = new Outcome(1, 5, 0, "Soaking", "");

  private final FakeTime time = new FakeTime();
  private final RecordedTraces first = new RecordedTraces(time.source());
  private final RecordedTraces second = new RecordedTraces(time.source());

  @Test
  void leadersThatKnowNothingOfEachOtherExportOneTrace() {
    String id = first.tracing().rollout(trace(1, step(1, 0, 40, List.of())));
    second.tracing().rollout(trace(2, step(2, 40, 90, List.of())));
    second.tracing().rollout(ended(90, ""));

    SpanData root = second.only("rollout gold");
    assertEquals(id, root.getTraceId());
    assertFalse(root.getParentSpanContext().isValid());
    assertEquals(List.of("step 1"), first.spans().stream().map(SpanData::getName).toList());
    assertEquals(1, first.childrenOf(root).size());
    assertEquals(1, second.childrenOf(root).size());
    assertEquals(Duration.ofSeconds(90), duration(root));
    assertEquals(Duration.ofSeconds(40), duration(first.only("step 1")));
    assertEquals(
        Map.of(
            "nodeqos.policy", "gold",
            "nodeqos.policy.uid", "uid-1",
            "nodeqos.revision", "bbbbbbbbbb",
            "nodeqos.rollout.stable", "aaaaaaaaaa",
            "nodeqos.rollout.phase", "Complete",
            "nodeqos.rollout.steps", "2",
            "nodeqos.rollout.nodes", "200",
            "nodeqos.leader.epoch", "2"),
        RecordedTraces.attributes(root));
  }

  @Test
  void stepExportedTwiceHasTheSameId() {
    first.tracing().rollout(trace(1, step(1, 0, 40, List.of())));
    second.tracing().rollout(trace(2, step(1, 0, 41, List.of())));

    assertEquals(first.only("step 1").getSpanId(), second.only("step 1").getSpanId());
  }

  @Test
  void otherStepsHaveOtherIds() {
    first.tracing().rollout(trace(1, step(1, 0, 40, List.of())));
    first.tracing().rollout(trace(1, step(2, 40, 90, List.of())));

    assertNotEquals(first.only("step 1").getSpanId(), first.only("step 2").getSpanId());
  }

  @Test
  void nothingIsExportedBeforeItEnds() {
    assertEquals(32, first.tracing().rollout(trace(1)).length());
    assertEquals(List.of(), first.spans());
  }

  @Test
  void stepLinksToTheWritesOfItsNodes() {
    NodeWrite write =
        new NodeWrite("n7", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    first
        .tracing()
        .rollout(trace(1, step(1, 0, 40, List.of(write, new NodeWrite("n8", "of others")))));

    SpanData step = first.only("step 1");
    LinkData link = step.getLinks().get(0);
    assertEquals(1, step.getLinks().size(), "only to spans");
    assertEquals("0af7651916cd43dd8448eb211c80319c", link.getSpanContext().getTraceId());
    assertEquals("b7ad6b7169203331", link.getSpanContext().getSpanId());
    assertEquals("n7", link.getAttributes().get(TraceKeys.NODE));
    assertEquals("2", RecordedTraces.attributes(step).get("nodeqos.rollout.writes"));
  }

  @Test
  void firstWritesOfALargeStepAreLinked() {
    List<NodeWrite> writes = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      writes.add(new NodeWrite("n" + i, "00-%032x-%016x-01".formatted(i, i)));
    }
    first.tracing().rollout(trace(1, step(1, 0, 40, writes)));

    SpanData step = first.only("step 1");
    assertEquals(128, step.getLinks().size());
    assertEquals("n1", step.getLinks().get(0).getAttributes().get(TraceKeys.NODE));
    assertEquals("300", RecordedTraces.attributes(step).get("nodeqos.rollout.writes"));
  }

  @Test
  void failureIsAnError() {
    first
        .tracing()
        .rollout(
            trace(
                1,
                new Part(
                    "step 1",
                    START,
                    START.plusSeconds(9),
                    Optional.of(START.plusSeconds(4)),
                    new Outcome(1, 5, 2, "TooManyFailed", "2 of 5 nodes failed."),
                    List.of())));
    first.tracing().rollout(ended(20, "Two nodes failed."));

    SpanData step = first.only("step 1");
    assertEquals(StatusCode.ERROR, step.getStatus().getStatusCode());
    assertEquals("2 of 5 nodes failed.", step.getStatus().getDescription());
    assertEquals("TooManyFailed", RecordedTraces.attributes(step).get("nodeqos.rollout.reason"));
    assertEquals(
        SpanClock.epochNanos(START.plusSeconds(4)), step.getEvents().get(0).getEpochNanos());
    assertEquals(StatusCode.ERROR, first.only("rollout gold").getStatus().getStatusCode());
  }

  @Test
  void clockOfTheNextLeaderMayBeBehind() {
    first.tracing().rollout(trace(1, step(1, 40, 39, List.of())));

    assertEquals(Duration.ZERO, duration(first.only("step 1")));
  }

  @Test
  void traceThatIsNotSampledHasNoIdAndNoSpans() {
    RecordedTraces none = new RecordedTraces(time.source(), Sampler.alwaysOff());

    assertEquals("", none.tracing().rollout(trace(1, step(1, 0, 40, List.of()))));
    assertTrue(none.spans().isEmpty());
    assertEquals("", Tracing.off().rollout(ended(20, "")));
  }

  private static RolloutTrace trace(long epoch, Part... parts) {
    return new RolloutTrace(subject(epoch), List.of(parts), Optional.empty());
  }

  private static RolloutTrace ended(int seconds, String failure) {
    String phase = failure.isEmpty() ? "Complete" : "RolledBack";
    return new RolloutTrace(
        subject(2),
        List.of(),
        Optional.of(new End(START.plusSeconds(seconds), phase, 2, 200, failure)));
  }

  private static Subject subject(long epoch) {
    return new Subject("gold", "uid-1", "aaaaaaaaaa", "bbbbbbbbbb", START, epoch);
  }

  private static Part step(int step, int begin, int end, List<NodeWrite> writes) {
    return new Part(
        "step " + step,
        START.plusSeconds(begin),
        START.plusSeconds(end),
        Optional.empty(),
        GOOD,
        writes);
  }

  private static Duration duration(SpanData span) {
    return Duration.ofNanos(span.getEndEpochNanos() - span.getStartEpochNanos());
  }
}
