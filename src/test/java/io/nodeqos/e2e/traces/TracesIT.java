// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.traces;

import static io.nodeqos.e2e.traces.TraceRig.childrenOf;
import static io.nodeqos.e2e.traces.TraceRig.named;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Member;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.jaeger.Jaeger;
import io.nodeqos.jaeger.RealJaeger;
import io.nodeqos.jaeger.TraceSpan;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The traces of real processes on a real server, in a real Jaeger. */
@RealApi
@RealJaeger
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracesIT {
  private final ControlPlane shared;
  private final Jaeger jaeger;
  private TraceRig rig;

  TracesIT(ControlPlane shared, Jaeger jaeger) {
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
  void spanOfAWritingReconcileNamesResultNodeAndTrigger() {
    Member leader = rig.leader();
    World world = rig.waitingNode();
    JsonObject before = world.readNode();

    world.changePolicy("200m");

    JsonObject node = TraceRig.rewritten(world, before);
    TraceRig.Wrote wrote = rig.wrote(node);
    TraceSpan root = wrote.root();
    assertEquals(
        List.of(
            "PATCH nodes",
            "PATCH nodes/status",
            "check reserved namespaces",
            "sync config",
            "update status",
            "worker image",
            "worker reservation",
            "worker zum"),
        wrote.children().stream().map(TraceSpan::name).distinct().sorted().toList());
    assertEquals(wrote.children().size() + 1, wrote.trace().size(), "nothing else is in the trace");
    assertAll(
        () -> assertEquals("reconcile node", root.name()),
        () -> assertEquals(Optional.empty(), root.parent()),
        () -> assertTag(world.node(), root, "k8s.node.name"),
        () -> assertTag(world.node(), root, "nodeqos.policy"),
        () ->
            assertTag(
                World.label(node, "nodeqos.io/config-version"), root, "nodeqos.config.version"),
        () -> assertTag(annotation(node, "nodeqos.io/leader-epoch"), root, "nodeqos.leader.epoch"),
        () -> assertTag("1", root, "nodeqos.attempt"),
        () -> assertTag("NodeQoSPolicy", root, "nodeqos.trigger"),
        () -> assertTag("written", root, "nodeqos.result"),
        () -> assertTrue(Long.parseLong(root.tags().get("nodeqos.queue.wait_ms")) >= 0),
        () -> assertFalse(root.failed()));
    TraceSpan event = rig.linked(root, "policy event");
    assertTag(world.node(), event, "nodeqos.policy");
    assertIsOf(leader, root);
    assertDescribesTheRequest(leader, world, wrote.child("PATCH nodes"));
    world.remove();
  }

  private static void assertIsOf(Member leader, TraceSpan span) {
    Map<String, String> tags = span.process().tags();
    assertAll(
        () -> assertEquals("node-qos-controller", span.process().service()),
        () -> assertEquals(leader.replica().uid(), tags.get("service.instance.id")),
        () -> assertFalse(tags.getOrDefault("service.version", "").isEmpty(), tags::toString),
        () -> assertEquals(leader.replica().name(), tags.get("k8s.pod.name")),
        () -> assertEquals(Installation.NAMESPACE, tags.get("k8s.namespace.name")));
  }

  private void assertDescribesTheRequest(Member leader, World world, TraceSpan patch) {
    String path = "/api/v1/nodes/" + world.node();
    assertAll(
        () -> assertTag("client", patch, "span.kind"),
        () -> assertTag("PATCH", patch, "http.request.method"),
        () -> assertTag("200", patch, "http.response.status_code"),
        () -> assertTag(path, patch, "url.path"),
        () -> assertTag("/api/v1/nodes/{name}", patch, "url.template"),
        () -> assertTag("127.0.0.1", patch, "server.address"),
        () -> assertTag(Integer.toString(leader.link().address().getPort()), patch, "server.port"));
  }

  @Test
  void apiServerSpanLinksToTheRequest() {
    rig.leader();
    World world = rig.waitingNode();
    TraceSpan patch = rig.wrote(world.readNode()).child("PATCH nodes");

    List<TraceSpan> served =
        Poll.until(
            "span of the server that links to " + patch.id(),
            () -> rig.served(patch.id()).toList(),
            found -> !found.isEmpty());

    assertEquals("apiserver", served.get(0).process().service());
    world.remove();
  }

  @Test
  void reconcileOfANewNodeLinksToItsEvent() {
    rig.leader();
    World world = rig.waitingNode();

    TraceSpan reconcile =
        rig.reconciles(world.node(), span -> "Node".equals(span.tags().get("nodeqos.trigger")))
            .get(0);

    TraceSpan event = rig.linked(reconcile, "node event");
    assertTag(world.node(), event, "k8s.node.name");
    world.remove();
  }

  @Test
  void retryLinksToTheRefusedReconcile() {
    rig.leader();
    World world = rig.waitingNode();
    JsonObject before = world.readNode();
    world.refuseChanges();

    world.changePolicy("200m");

    TraceSpan failed =
        rig.reconciles(world.node(), span -> "rejected".equals(span.tags().get("nodeqos.result")))
            .get(0);
    world.allowChanges();
    TraceRig.rewritten(world, before);
    TraceSpan next =
        rig.reconciles(world.node(), span -> span.links().contains(failed.id())).get(0);
    assertAll(
        () -> assertTrue(failed.failed(), failed::toString),
        () -> assertTag("ERROR", failed, "otel.status_code"),
        () ->
            assertTrue(
                failed.tags().get("otel.status_description").contains("Not now."),
                failed::toString),
        () -> assertTag("1", failed, "nodeqos.attempt"),
        // The condition with the refusal is a change of the node: it may have been reconciled.
        () -> assertTrue(Integer.parseInt(next.tags().get("nodeqos.attempt")) > 1, next::toString));
    TraceSpan patch = named(childrenOf(rig.trace(failed.id()), failed.id()), "PATCH nodes").get(0);
    assertTag("422", patch, "http.response.status_code");
    assertTrue(patch.failed(), patch::toString);
    world.remove();
  }

  @Test
  void spanOfAConflictIsFollowedByReadAndRetry() {
    rig.leader();
    World world = rig.waitingNode();
    int[] round = {0};

    Poll.until(
        "conflict",
        () -> {
          world.changePolicy(round[0]++ % 2 == 0 ? "200m" : "100m");
          world.disturbNode();
          return rig.requests(world);
        },
        found ->
            found.stream()
                .anyMatch(r -> r.contains("PATCH nodes 409, GET nodes 200, PATCH nodes ")));
    world.remove();
  }

  @Test
  void warmUpIsOneTraceAfterItsLeaderIsKilled() {
    Member first = rig.leader();
    World world = rig.waitingNode();
    world.createAgent();
    JsonObject node = world.nodeWaitingFor(world.agent());
    TraceSpan.Id warmUp = TraceRig.warmUp(node);
    rig.reconciles(world.node(), span -> isOf(first, span) && span.links().contains(warmUp));

    first.run().kill();
    Member second = rig.leader();
    assertNotEquals(first, second);
    world.makeAgentReady();
    JsonObject warm = world.nodeUntil("True");

    List<TraceSpan> trace = rig.trace(warmUp);
    TraceSpan root = TraceRig.spanOf(trace, warmUp);
    assertEquals(
        List.of(root), trace.stream().filter(span -> span.parent().isEmpty()).toList(), "one root");
    assertAll(
        () -> assertEquals("warm up node", root.name()),
        () ->
            // The steady clock and the wall clock differ by some microseconds.
            assertEquals(
                Instant.parse(World.text(node, "metadata", "creationTimestamp")),
                root.start().plusMillis(1).truncatedTo(ChronoUnit.SECONDS)),
        () ->
            assertEquals(
                Instant.parse(annotation(warm, "nodeqos.io/warmed-up-at")).getEpochSecond(),
                root.start().plus(root.duration()).getEpochSecond(),
                1),
        () -> assertTag(annotation(warm, "nodeqos.io/leader-epoch"), root, "nodeqos.leader.epoch"),
        () -> assertIsOf(second, root));
    assertEquals(
        List.of("gate nodeReady", "gate reservedPods"),
        childrenOf(trace, warmUp).stream().map(TraceSpan::name).sorted().toList());
    TraceSpan gate = named(trace, "gate reservedPods").get(0);
    assertTag(world.agent(), gate, "nodeqos.gate.blocker");
    TraceSpan ended = rig.linked(root, "reconcile node");
    assertTag("written", ended, "nodeqos.result");
    assertTrue(ended.links().contains(warmUp), ended::toString);
    world.remove();
    first.startAgain();
  }

  private static boolean isOf(Member member, TraceSpan span) {
    return member.replica().uid().equals(span.process().tags().get("service.instance.id"));
  }

  private static String annotation(JsonObject node, String key) {
    return World.text(node, "metadata", "annotations", key);
  }

  private static void assertTag(String expected, TraceSpan span, String tag) {
    assertEquals(expected, span.tags().get(tag), () -> tag + " of " + span);
  }
}
