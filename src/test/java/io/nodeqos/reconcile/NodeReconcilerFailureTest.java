// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.node.Keys;
import io.nodeqos.node.Taint;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.BackoffSettings;
import io.nodeqos.queue.ConflictRetrySettings;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a node when the API server does not do as it is asked. */
class NodeReconcilerFailureTest {
  private static final String SPEC =
      "{'images': [{'ref': 'a'}], 'warmUp': {'nodeReady': {}, 'csiDrivers': [{'name': 'x'}]}}";
  private static final WriteResult CONFLICT = new WriteResult.Conflict();
  private static final WriteResult BUSY = new WriteResult.Retry("busy", Duration.ZERO);

  private final TestTime time = new TestTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, policy("p", SPEC));

  @Test
  void aConflictIsAnsweredWithOneFreshReadAndOneRetryAtOnce() {
    join();
    Taint foreign = Taint.of("example.com/other", "NoExecute");
    api.change("n", n -> Plans.tainted(n, foreign));
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(
        List.of("metadata n@1001", "GET n", "metadata n@1002", "status n@1003"), api.calls());
    assertTrue(api.node("n").taints().contains(foreign));
  }

  @Test
  void whatIsReadAfterAConflictIsDecidedAfresh() {
    join();
    TestProcess other = TestProcess.leader(api, time, policy("p", SPEC));
    other.reconcileFresh("n");
    api.calls();
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(
        List.of("metadata n@1001", "GET n"), api.calls(), "somebody else has written it all");
  }

  @Test
  void aConflictOfTheSecondPatchRepeatsOnlyThatOne() {
    join();
    api.thenWork().thenAnswer(CONFLICT);
    leader.reconcile("n");
    assertEquals(
        List.of("metadata n@1001", "status n@1002", "GET n", "status n@1002"), api.calls());
  }

  @Test
  void aSecondConflictWaitsInTheQueue() {
    join();
    api.thenAnswer(CONFLICT).thenWork().thenAnswer(CONFLICT);
    assertSame(TestProcess.AFTER_CONFLICTS, failed(leader.reconcile("n")).delays());
    assertEquals(List.of("metadata n@1001", "GET n", "metadata n@1001"), api.calls());
  }

  @Test
  void conflictsAreRetriedAsTheSettingsSayAndThenForEver() {
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
  void aRetryAfterIsHonoured() {
    join();
    api.thenAnswer(new WriteResult.Retry("429", Duration.ofSeconds(7)));
    RetryDelays delays = failed(leader.reconcile("n")).delays();
    assertEquals(Duration.ofSeconds(7), delays.delay(1));
    assertEquals(Duration.ofSeconds(7), delays.delay(100));
  }

  @Test
  void aWriteThatOurOwnLimitPutsOffIsNoFailure() {
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
  void aFailureWithoutARetryAfterIsBackedOff() {
    join();
    api.thenAnswer(BUSY);
    assertSame(TestProcess.AFTER_FAILURES, failed(leader.reconcile("n")).delays());
    assertEquals(Set.of("n"), leader.fleet.differing());
  }

  @Test
  void aFailedReadAfterAConflictIsBackedOffToo() {
    join();
    api.thenAnswer(CONFLICT).thenAnswer(BUSY);
    assertSame(TestProcess.AFTER_FAILURES, failed(leader.reconcile("n")).delays());
  }

  @Test
  void aNodeThatTheServerDoesNotKnowIsForgotten() {
    join();
    api.delete("n");
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(0, leader.fleet.size());
    assertEquals(List.of("metadata n@1001"), api.calls());
  }

  @Test
  void aNodeThatIsGoneWhenItIsReadIsForgotten() {
    join();
    api.thenAnswer(CONFLICT);
    api.delete("n");
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(0, leader.fleet.size());
  }

  @Test
  void aRefusalIsReportedOnceAndBackedOff() {
    join();
    WriteResult refusal = new WriteResult.Rejected(403, "not allowed");
    try (CapturedLog log = CapturedLog.of(NodeReconciler.class)) {
      for (int i = 0; i < 5; i++) {
        api.thenAnswer(refusal);
        assertSame(TestProcess.AFTER_FAILURES, failed(leader.reconcile("n")).delays());
      }
      assertEquals(
          List.of("the API server refuses what node n should carry: 403 not allowed"),
          log.warnings());
      leader.reconcileFresh("n");
      api.change("n", n -> Plans.unlabelled(n, Keys.CONFIG_VERSION));
      api.thenAnswer(refusal);
      leader.reconcileFresh("n");
      assertEquals(2, log.warnings().size(), "after a success it is news again");
    }
  }

  @Test
  void aRefusedNodeStandsAmongTheWaitingWithTheRefusal() {
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
