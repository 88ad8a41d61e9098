// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Taint;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.BackoffSettings;
import io.nodeqos.queue.ConflictRetrySettings;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.reconcile.node.FailedWrites;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The node after failed and refused requests to the API server. */
class NodeReconcilerFailureTest {
  private static final String SPEC =
      "{'images': [{'ref': 'a'}], 'warmUp': {'nodeReady': {}, 'csiDrivers': [{'name': 'x'}]}}";
  private static final String READY = "{'warmUp': {'nodeReady': {}}}";
  private static final String CONFIG = "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}";
  private static final WriteResult CONFLICT = new WriteResult.Conflict();
  private static final WriteResult BUSY = new WriteResult.Retry("busy", Duration.ZERO);

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, policy("p", SPEC));

  @Test
  void conflictIsAnsweredWithOneFreshReadAndOneRetryAtOnce() {
    join();
    Taint foreign = Taint.of("example.com/other", "NoExecute");
    api.change("n", n -> Plans.tainted(n, foreign));
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(
        List.of("metadata n@1001", "GET n", "metadata n@1002", "status n@1003"), api.calls());
    assertTrue(api.node("n").taints().contains(foreign));
  }

  @Test
  void nodeReadAfterAConflictIsDecidedAgain() {
    join();
    TestProcess other = TestProcess.leader(api, time, policy("p", SPEC));
    other.reconcileFresh("n");
    api.calls();
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(
        List.of("metadata n@1001", "GET n"), api.calls(), "another writer has written it all");
  }

  @Test
  void conflictOfTheSecondPatchRepeatsOnlyThatPatch() {
    join();
    api.thenWork().thenAnswer(CONFLICT);
    leader.reconcile("n");
    assertEquals(
        List.of("metadata n@1001", "status n@1002", "GET n", "status n@1002"), api.calls());
  }

  @Test
  void secondConflictWaitsInTheQueue() {
    join();
    api.thenAnswer(CONFLICT).thenWork().thenAnswer(CONFLICT);
    assertSame(TestProcess.AFTER_CONFLICTS, failed(leader.reconcile("n")).delays());
    assertEquals(List.of("metadata n@1001", "GET n", "metadata n@1001"), api.calls());
  }

  @Test
  void conflictsAreRetriedByTheSettingsAndThenForEver() {
    Backoff backoff =
        new Backoff(
            new BackoffSettings(Duration.ofMillis(500), Duration.ofSeconds(60), 0), () -> 0);
    TestProcess process =
        new TestProcess(
            api,
            time,
            backoff.afterConflicts(ConflictRetrySettings.DEFAULTS),
            backoff,
            policy("p", SPEC));
    process.fence.open();
    api.put(node("n").build());
    process.catchUp();
    List<Duration> delays = new ArrayList<>();
    for (int failures = 1; failures <= 50; failures++) {
      api.thenAnswer(CONFLICT).thenWork().thenAnswer(CONFLICT);
      delays.add(failed(process.reconcile("n")).delays().delay(failures));
    }
    assertEquals(
        List.of(1.0, 2.0, 4.0, 8.0, 16.0, 0.5, 1.0),
        delays.subList(0, 7).stream().map(d -> d.toMillis() / 1000.0).toList());
    assertEquals(Duration.ofSeconds(60), delays.get(49), "capped, and it never gives up");
  }

  @Test
  void retryAfterIsHonoured() {
    join();
    api.thenAnswer(new WriteResult.Retry("429", Duration.ofSeconds(7)));
    RetryDelays delays = failed(leader.reconcile("n")).delays();
    assertEquals(Duration.ofSeconds(7), delays.delay(1));
    assertEquals(Duration.ofSeconds(7), delays.delay(100));
  }

  @Test
  void writePostponedByTheRateLimitIsNoFailure() {
    join();
    api.thenAnswer(new WriteResult.Throttled(Duration.ofMillis(40)));
    assertEquals(new Outcome.Postponed(Duration.ofMillis(40)), leader.reconcile("n"));
    assertEquals(Set.of("n"), leader.fleet.differing());
    assertTrue(
        leader
            .metrics
            .scrape(null)
            .text()
            .contains("qos_sync_total{node=\"n\",namespace=\"\",result=\"throttled\",} 1.0"));
  }

  @Test
  void failureWithoutARetryAfterIsBackedOff() {
    join();
    api.thenAnswer(BUSY);
    assertSame(TestProcess.AFTER_FAILURES, failed(leader.reconcile("n")).delays());
    assertEquals(Set.of("n"), leader.fleet.differing());
  }

  @Test
  void failedReadAfterAConflictIsBackedOff() {
    join();
    api.thenAnswer(CONFLICT).thenAnswer(BUSY);
    assertSame(TestProcess.AFTER_FAILURES, failed(leader.reconcile("n")).delays());
  }

  @Test
  void nodeUnknownToTheServerIsForgotten() {
    join();
    api.delete("n");
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(0, leader.fleet.size());
    assertEquals(List.of("metadata n@1001"), api.calls());
  }

  @Test
  void nodeNotFoundByTheReadIsForgotten() {
    join();
    api.thenAnswer(CONFLICT);
    api.delete("n");
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(0, leader.fleet.size());
  }

  @Test
  void refusalIsReportedOnceAndBackedOff() {
    join();
    WriteResult refusal = new WriteResult.Rejected(403, "not allowed");
    try (CapturedLog log = CapturedLog.of(FailedWrites.class)) {
      for (int i = 0; i < 5; i++) {
        api.thenAnswer(refusal);
        assertSame(TestProcess.AFTER_FAILURES, failed(leader.reconcileFresh("n")).delays());
      }
      assertEquals(
          List.of("The API server refuses the update of node n: 403 not allowed"), log.warnings());
      leader.reconcileFresh("n");
      api.change("n", n -> Plans.unlabelled(n, Keys.CONFIG_VERSION));
      api.thenAnswer(refusal);
      leader.reconcileFresh("n");
      assertEquals(2, log.warnings().size(), "after a success it is news again");
    }
  }

  @Test
  void refusedMarkIsReportedInTheCondition() {
    api.put(node("n").condition("Ready", "False").taint(Keys.STARTUP_TAINT).build());
    TestProcess process = TestProcess.leader(api, time, policy("p", READY));
    process.reconcileFresh("n");
    api.change("n", n -> Plans.ready(n, true));
    time.advance("1M");
    api.calls();

    refuse(process, "denied by webhook, request 8f3a at 10:00:01");
    assertEquals(
        "False WriteRefused All gates are open. The API server refuses to change label"
            + " nodeqos.io/warmed-up, annotation nodeqos.io/warmed-up-at, annotation"
            + " nodeqos.io/warmed-up-for, annotation nodeqos.io/warming-up-for, annotation"
            + " nodeqos.io/warming-up-since, the taints: 403 denied by webhook, request 8f3a at"
            + " 10:00:01",
        condition());
    assertEquals(List.of("metadata n@1004", "status n@1004"), api.calls());
    assertEquals("WriteRefused", process.fleet.waiting(1).get(0).reason());

    for (int i = 0; i < 5; i++) {
      time.advance("1M");
      refuse(process, "denied by webhook, request 99b" + i + " at 10:0" + i + ":07");
      assertEquals(1, api.calls().size(), "the patch is tried, and nothing is written");
    }
    assertEquals(1, process.eventTypes().stream().filter(t -> t == Type.WRITE_REFUSED).count());

    process.reconcileFresh("n");
    assertEquals("True WarmedUp All gates are open.", condition());
  }

  @Test
  void refusedConfigurationKeepsAWarmNodeWarmAndIsReported() {
    api.put(Plans.warm("n").build());
    TestProcess process = TestProcess.leader(api, time, policy("p", CONFIG));
    process.reconcileFresh("n");
    process.policies.apply(policy("p", 2, PolicyFixture.CREATED, CONFIG.replace("'1'", "'2'")));
    refuse(process, "no");
    assertTrue(
        condition()
            .startsWith(
                "True WriteRefused All gates are open. The API server refuses to change label"
                    + " nodeqos.io/config-version, annotation nodeqos.io/config"),
        condition());
    process.policies.apply(policy("p", 3, PolicyFixture.CREATED, CONFIG));
    process.reconcileFresh("n");
    assertEquals("True WarmedUp All gates are open.", condition(), "nothing is refused any more");
  }

  @Test
  void refusedRemovalOfTheMarkSetsTheConditionFalse() {
    api.put(Plans.warm("n").build());
    TestProcess process = TestProcess.leader(api, time, policy("p", READY));
    process.reconcileFresh("n");
    api.change("n", n -> Plans.rebooted(n, "boot-2", time.instant()));
    refuse(process, "no");
    assertTrue(condition().startsWith("False WriteRefused"), condition());
  }

  @Test
  void refusedResourcesDoNotKeepTheConditionFromBeingWritten() {
    api.put(node("n").condition("Ready", "False").build());
    TestProcess process =
        TestProcess.leader(
            api,
            time,
            policy(
                "p",
                "{'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '1'}}]},"
                    + " 'warmUp': {'nodeReady': {}}}"));
    api.thenWork().thenAnswer(new WriteResult.Rejected(422, "no such resource"));
    process.reconcileFresh("n");
    assertTrue(
        condition()
            .endsWith("refuses to change resource nodeqos.io/gold-cpu: 422 no such resource"),
        condition());
  }

  private void refuse(TestProcess process, String why) {
    api.thenAnswer(new WriteResult.Rejected(403, why));
    process.reconcileFresh("n");
    api.forgetAnswers();
  }

  private String condition() {
    return api.node("n")
        .condition(Keys.WARMED_UP_CONDITION)
        .map(c -> c.status() + " " + c.reason() + " " + c.message())
        .orElse("");
  }

  @Test
  void refusedNodeIsListedAsWaitingWithTheRefusal() {
    join();
    api.thenAnswer(new WriteResult.Rejected(422, "not valid"));
    leader.reconcile("n");
    assertEquals("422 not valid", leader.fleet.waiting(1).get(0).message());
  }

  private static Outcome.Failed failed(Outcome outcome) {
    return assertInstanceOf(Outcome.Failed.class, outcome);
  }

  private void join() {
    api.put(node("n").build());
    leader.catchUp();
  }
}
