// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.traces;

import static io.nodeqos.e2e.traces.RolloutPool.text;
import static io.nodeqos.e2e.traces.TraceRig.childrenOf;
import static io.nodeqos.e2e.traces.TraceRig.named;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Member;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.jaeger.Jaeger;
import io.nodeqos.jaeger.RealJaeger;
import io.nodeqos.jaeger.TraceSpan;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What real processes tell about a rollout: its trace in a real Jaeger, Events, and metrics. */
@RealApi
@RealJaeger
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutTraceIT {
  private static final int NODES = 6;

  private final ControlPlane shared;
  private final Jaeger jaeger;
  private TraceRig rig;

  RolloutTraceIT(ControlPlane shared, Jaeger jaeger) {
    this.shared = shared;
    this.jaeger = jaeger;
  }

  @BeforeAll
  void start() {
    rig = TraceRig.start(shared, jaeger);
  }

  @AfterAll
  void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  void rolloutIsOneTraceAfterItsLeaderIsKilled() {
    Member first = rig.leader();
    RolloutPool pool = rig.rolloutPool(NODES);
    pool.change("200m", "[{\"nodes\": 2}, {\"nodes\": 4, \"pause\": {}}]");
    JsonObject waiting = pool.until("pause", r -> text(r, "reason").equals("AwaitsPromotion"));
    TraceSpan.Id id = pool.root(waiting);
    jaeger.trace(id.trace(), spans -> !named(spans, "step 1").isEmpty());
    assertTrue(
        first
            .run()
            .probe("/metrics")
            .body()
            .contains(
                "qos_rollout_nodes{policy=\"%s\",state=\"updated\",} 4.0"
                    .formatted(pool.policy())));

    first.run().kill();
    Member second = rig.leader();
    assertNotEquals(first, second);
    pool.promote(waiting);
    JsonObject done = pool.until("end", r -> text(r, "phase").equals("Complete"));

    assertEquals(NODES, pool.carrying(text(waiting, "target")).size());
    assertEquals(id, pool.root(done), "the record keeps the start");
    List<TraceSpan> trace = rig.trace(id);
    TraceSpan root = TraceRig.spanOf(trace, id);
    List<TraceSpan> steps = childrenOf(trace, id);
    assertAll(
        () -> assertEquals("rollout " + pool.policy(), root.name()),
        () -> assertEquals(4, trace.size(), trace::toString),
        () ->
            assertEquals(
                List.of("step 1", "step 2", "step 3"),
                steps.stream().map(TraceSpan::name).sorted().toList()),
        () -> assertTag("Complete", root, "nodeqos.rollout.phase"),
        () -> assertTag(text(waiting, "stable"), root, "nodeqos.rollout.stable"),
        () -> assertTag(text(waiting, "target"), root, "nodeqos.revision"),
        () -> assertFalse(root.failed()),
        () -> assertIsOf(second, root),
        () -> assertIsOf(first, named(steps, "step 1").get(0)),
        () -> assertIsOf(second, named(steps, "step 2").get(0)));
    for (TraceSpan step : steps) {
      assertTag("2", step, "nodeqos.rollout.writes");
      assertEquals(2, step.links().size(), step::toString);
      TraceSpan write = rig.linked(step, "reconcile node");
      assertTag(pool.policy() + "=" + text(waiting, "target"), write, "nodeqos.revision");
      assertTag("written", write, "nodeqos.result");
    }
    assertEquals(
        List.of(
            "RolloutStarted",
            "RolloutStepDone",
            "RolloutPaused",
            "RolloutStepDone",
            "RolloutComplete"),
        Poll.until("Events", pool::events, e -> e.contains("RolloutComplete")));
    first.startAgain();
  }

  @Test
  void failedStepAndTheWayBackAreSpansOfOneTrace() {
    rig.leader();
    RolloutPool pool = rig.rolloutPool(NODES);
    pool.change("300m", "[{\"nodes\": 2, \"pause\": {}}]");
    JsonObject waiting = pool.until("pause", r -> text(r, "reason").equals("AwaitsPromotion"));
    String node = pool.carrying(text(waiting, "target")).get(1);
    pool.ready(Integer.parseInt(node.substring(node.lastIndexOf('-') + 1)), false);
    JsonObject back = pool.until("rollback", r -> text(r, "phase").equals("RolledBack"));

    TraceSpan.Id id = pool.root(back);
    List<TraceSpan> trace = rig.trace(id);
    TraceSpan root = TraceRig.spanOf(trace, id);
    TraceSpan step = named(trace, "step 1").get(0);
    TraceSpan wayBack = named(trace, "roll back").get(0);
    assertEquals(3, trace.size(), trace::toString);
    assertAll(
        () -> assertTrue(root.failed() && step.failed() && !wayBack.failed(), trace::toString),
        () -> assertTag("RolledBack", root, "nodeqos.rollout.phase"),
        () -> assertTag("TooManyFailed", step, "nodeqos.rollout.reason"),
        () -> assertTrue(step.tags().get("otel.status_description").contains(node), step::toString),
        () -> assertEquals(2, wayBack.links().size(), wayBack::toString),
        () -> assertTag(node, spanOf(step.links().get(0)), "k8s.node.name"));
    assertTag(pool.policy() + "=stable", rig.linked(wayBack, "reconcile node"), "nodeqos.revision");
    assertEquals(
        List.of("RolloutStarted", "RolloutPaused", "RollingBack", "RolledBack"),
        Poll.until("Events", pool::events, e -> e.contains("RolledBack")).stream()
            // Before the node counts as failed, the step is not healthy.
            .filter(reason -> !reason.equals("RolloutResumed"))
            .toList());
  }

  private TraceSpan spanOf(TraceSpan.Id id) {
    return TraceRig.spanOf(rig.trace(id), id);
  }

  private static void assertIsOf(Member member, TraceSpan span) {
    Map<String, String> tags = span.process().tags();
    assertEquals(member.replica().uid(), tags.get("service.instance.id"), span::toString);
  }

  private static void assertTag(String expected, TraceSpan span, String tag) {
    assertEquals(expected, span.tags().get(tag), () -> tag + " of " + span);
  }
}
