// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An admission webhook of another owner is slow, or refuses what the controller writes, one
 * resource after the other, on a real server.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionWebhookIT {
  private static final String MARK = "nodeqos.io/warmed-up";
  private static final String STARTUP_TAINT = "nodeqos.io/warming-up";

  /** Longer than a write may take: 2.5 s with the settings as they are. */
  private static final long TOO_LONG_MILLIS = 4_000;

  private final ControlPlane plane;
  private WritersRig rig;
  private AdmissionWebhook webhook;

  AdmissionWebhookIT(ControlPlane plane) {
    this.plane = plane;
  }

  @BeforeAll
  void start() throws IOException {
    rig = WritersRig.start(plane);
    webhook = AdmissionWebhook.install(rig.admin);
  }

  @AfterEach
  void letAllPass() {
    webhook.pass();
    Poll.until("leader", rig.controller::leads, leads -> leads);
  }

  @AfterAll
  void stop() {
    if (webhook != null) {
      webhook.close();
    }
    if (rig != null) {
      rig.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodes", "nodes/status", "leases", "events"})
  void slowWebhookDelaysAWriteAndDoublesNone(String resource) {
    String node = "a-slow-" + resource.replace('/', '-');
    webhook.slow(resource, 1_000);

    join(node);
    rig.world.untilWarm(node);

    JsonObject policy = rig.ready(node, "True");
    assertEquals("AllNodes", WritersRig.ready(policy, "reason"));
    rig.event(node, "WarmedUp");
    assertTrue(webhook.asked(resource) > 0);
    List<Entry> writes = rig.writesTo(node);
    assertEquals(
        writes, rig.acceptedTo(node), "a webhook that answers in time makes no write fail");
    assertTrue(writes.size() <= 2, "one of metadata, one of the status: " + writes);
    assertTrue(rig.controller.leads());
    rig.leavesAlone(node);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodes", "nodes/status"})
  void tooSlowWebhookOnANodeIsSeenInTheMetricsAndItsWritesBackOff(String resource) {
    String node = "a-late-" + resource.replace('/', '-');
    double failed = rig.metric("qos_sync_total", "result=\"retry\"");
    webhook.slow(resource, TOO_LONG_MILLIS);

    join(node);
    rig.metricAbove(failed + 1, "qos_sync_total", "result=\"retry\"");
    rig.metricAbove(3, "qos_oldest_failing_seconds", "name=\"nodes\"");
    JsonObject policy = rig.ready(node, "False");
    assertEquals("NodesPending", WritersRig.ready(policy, "reason"));
    int before = rig.writesTo(node).size();
    WritersRig.pause(6_000);
    int tries = rig.writesTo(node).size() - before;
    assertTrue(tries <= 4, "each takes 2.5 s, and pauses follow: " + rig.writesTo(node));

    webhook.pass();
    rig.world.untilWarm(node);
    rig.ready(node, "True");
    rig.event(node, "WarmedUp");
    Poll.until(
        "end of the failure",
        () -> rig.metric("qos_oldest_failing_seconds", "name=\"nodes\""),
        seconds -> seconds == 0);
    rig.leavesAlone(node);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403})
  void webhookThatRefusesTheNodeIsNamedByConditionEventAndMetric(int code) {
    String node = "a-refused-" + code;
    double rejected = rig.metric("qos_sync_total", "result=\"rejected\"");
    webhook.refuse("nodes", code);

    join(node);
    String words =
        "HTTP %d: admission webhook \"writers.example.com\" denied the request: %s."
            .formatted(code, AdmissionWebhook.WORDS);
    JsonObject refused = rig.world.until(node, "False", "WriteRefused", words);
    String event = rig.event(node, "WriteRefused");
    JsonObject policy = rig.ready(node, "False");
    assertAll(
        () -> assertTrue(World.condition(refused, "message").contains("label " + MARK)),
        () -> assertTrue(World.hasTaint(refused, STARTUP_TAINT), refused::toString),
        () -> assertTrue(event.contains(words), event),
        () -> assertEquals("NodesPending", WritersRig.ready(policy, "reason")));
    rig.metricAbove(rejected, "qos_sync_total", "result=\"rejected\"");
    backsOff(node);

    webhook.pass();
    JsonObject warm = rig.world.untilWarm(node);
    assertEquals("All gates are open.", World.condition(warm, "message"));
    assertFalse(World.hasTaint(warm, STARTUP_TAINT), warm::toString);
    rig.ready(node, "True");
    rig.leavesAlone(node);
  }

  @Test
  void webhookThatRefusesTheStatusOfTheNodeIsNamedByAnEventAndThePolicyIsNotReady() {
    String node = "a-refused-status";
    webhook.refuse("nodes/status", 403);

    join(node);
    String event = rig.event(node, "WriteRefused");
    assertTrue(event.contains(AdmissionWebhook.WORDS), event);
    assertFalse(event.contains("RBAC"), event);
    JsonObject policy = rig.ready(node, "False");
    assertEquals("NodesPending", WritersRig.ready(policy, "reason"));
    assertEquals("", World.condition(rig.world.node(node), "status"));
    backsOff(node);

    webhook.pass();
    rig.world.untilWarm(node);
    rig.ready(node, "True");
    rig.leavesAlone(node);
  }

  /** In the next seconds it tries a few times, and tells it once. */
  private void backsOff(String node) {
    int before = rig.writesTo(node).size();
    WritersRig.pause(6_000);
    List<Entry> tried = rig.writesTo(node).subList(before, rig.writesTo(node).size());
    assertTrue(tried.size() <= 6, tried::toString);
    assertEquals(List.of(), tried.stream().filter(Entry::accepted).toList());
    assertEquals(1, rig.events(node, "WriteRefused").size());
  }

  @Test
  void webhookThatRefusesTheLeaseIsNamedByReadinessAndTheLeaderStops() {
    String node = "a-lease-refused";
    webhook.refuse("leases", 400);

    Poll.until("end of the term", rig.controller::leads, leads -> !leads);
    join(node);
    int before = leaseWrites();
    ControllerRun.Probe unready =
        Poll.until(
            "replica that is not ready",
            () -> rig.controller.probe("/readyz"),
            probe -> probe.body().contains("This replica cannot lead"));
    assertFalse(rig.controller.isReady());
    assertTrue(
        unready.body().contains("denied the request: " + AdmissionWebhook.WORDS), unready.body());
    int tries = leaseWrites() - before;
    assertTrue(tries <= 60, "no more than two a second: " + tries);
    assertEquals(List.of(), rig.writesTo(node), "nothing is written without the Lease");
    assertTrue(policy(node).toString().contains("\"reason\":\"NotReconciled\""));

    webhook.pass();
    Poll.until("ready replica", rig.controller::isReady, ready -> ready);
    rig.world.untilWarm(node);
    rig.ready(node, "True");
  }

  @Test
  void tooSlowWebhookOnTheLeaseEndsTheTermAndTheLogNamesTheLease() {
    String node = "a-lease-late";
    webhook.slow("leases", TOO_LONG_MILLIS);

    Poll.until("end of the term", rig.controller::leads, leads -> !leads);
    join(node);
    int before = leaseWrites();
    WritersRig.pause(6_000);
    assertTrue(leaseWrites() - before <= 6, "each takes 2.5 s, and pauses follow");
    assertFalse(rig.controller.leads());
    assertEquals(List.of(), rig.writesTo(node), "nothing is written without the Lease");
    assertTrue(
        rig.controller.complaints().stream()
            .anyMatch(line -> line.contains("Writing Lease node-qos-controller failed")),
        rig.controller::log);

    webhook.pass();
    rig.world.untilWarm(node);
    rig.ready(node, "True");
    assertTrue(rig.controller.isReady());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403})
  void webhookThatRefusesEventsIsSeenInLogAndMetricAndNodesDoNotWait(int code) {
    String node = "a-event-" + code;
    double dropped = rejectedEvents();
    int asked = webhook.asked("events");
    webhook.refuse("events", code);

    join(node);
    rig.world.untilWarm(node);
    rig.ready(node, "True");
    Poll.until("dropped Events", this::rejectedEvents, now -> now >= dropped + 2);
    assertEquals(List.of(), rig.events(node, "WarmedUp"));
    assertTrue(
        rig.controller.complaints().stream()
            .anyMatch(
                line ->
                    line.contains("Event rejected by the API server: HTTP " + code)
                        && line.contains(AdmissionWebhook.WORDS)),
        rig.controller::log);
    assertFalse(rig.controller.log().contains("permission to create and patch"), "it is there");
    WritersRig.pause(2_000);
    int tries = webhook.asked("events") - asked;
    WritersRig.pause(5_000);
    assertEquals(tries, webhook.asked("events") - asked, "each is tried once");

    webhook.pass();
    join(node + "-next");
    rig.world.untilWarm(node + "-next");
    Poll.until(
        "Event at once, without the pause after a missing permission",
        20,
        () -> rig.events(node + "-next", "WarmedUp"),
        notes -> notes.size() == 1);
  }

  @Test
  void tooSlowWebhookOnEventsIsSeenInTheMetricAndEventsComeLater() {
    String node = "a-event-late";
    double failed = unansweredEvents();
    webhook.slow("events", TOO_LONG_MILLIS);

    join(node);
    rig.world.untilWarm(node);
    rig.ready(node, "True");
    Poll.until("unanswered Event", this::unansweredEvents, now -> now > failed);
    assertEquals(List.of(), rig.events(node, "WarmedUp"));

    webhook.pass();
    rig.event(node, "WarmedUp");
  }

  private double rejectedEvents() {
    return rig.metric("qos_kubernetes_events_dropped_total", "reason=\"rejected\"");
  }

  private double unansweredEvents() {
    return rig.metric("qos_kubernetes_event_write_failures_total", "reason=\"unavailable\"");
  }

  private int leaseWrites() {
    return (int) rig.requests().stream().filter(Entry::writesLease).count();
  }

  private JsonObject policy(String name) {
    return rig.world.policyUntil("policy", name, policy -> policy.has("status"));
  }

  /** A policy, and a node that is ready, with the startup taint. */
  private void join(String node) {
    rig.world.policy(node, rig.json("'warmUp': {'nodeReady': {}}"));
    rig.world.node(node, true);
  }
}
