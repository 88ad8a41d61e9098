// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.revision;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.Completion;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.BackoffSettings;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.FakeRevisions;
import io.nodeqos.reconcile.LeaderHandler;
import io.nodeqos.reconcile.ToggledFence;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.routing.ClusterListeners;
import io.nodeqos.reconcile.routing.PolicyRouter;
import io.nodeqos.reconcile.routing.RevisionRouter;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.telemetry.tracing.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which writes keep the valid versions of a policy in the cluster. */
class RevisionReconcilerTest {
  private static final String INVALID = "{'priority': 'x'}";
  private static final WriteResult QUOTA =
      new WriteResult.Rejected(403, "exceeded quota: count/controllerrevisions.apps, used: 1.");

  private final FakeTime time = new FakeTime();
  private final ToggledFence fence = new ToggledFence();
  private final PolicyCatalog policies = PolicyFixture.catalog();
  private final RecentEvents events = new RecentEvents(100);
  private final FakeRevisions revisions = new FakeRevisions();
  private final KeyedQueue queue = queue();
  private final ClusterListener router =
      new ClusterListeners(
          List.of(
              new PolicyRouter(
                  queue(),
                  queue(),
                  policies,
                  new PolicyWrites(),
                  WorkerRegistry.of(List.of(), WorkerObserver.NONE),
                  Tracing.off()),
              new RevisionRouter(queue)));
  private final WorkerPool.Handler reconciler = reconciler();
  private boolean synced = true;

  private WorkerPool.Handler reconciler() {
    return new LeaderHandler(
        () -> synced,
        fence,
        new RevisionReconciler(
            policies,
            revisions,
            new EventPublisher(events, policies, fence, time.source()),
            "nodeqos-system",
            failures -> Duration.ofSeconds(failures),
            time.source()));
  }

  private KeyedQueue queue() {
    return new KeyedQueue(
        new Backoff(
            new BackoffSettings(Duration.ofMillis(500), Duration.ofSeconds(60), 0), () -> 0),
        time.source(),
        Metrics.create(MetricsSettings.DEFAULTS).workQueue("revisions"));
  }

  private void apply(long generation, String spec) {
    router.policyChanged(policy("p", generation, CREATED, spec));
  }

  private static String cpu(int cpu) {
    return "{'reservation': {'cpu': '" + cpu + "'}}";
  }

  private Outcome handle(int attempt) {
    fence.open();
    return work(attempt);
  }

  private Outcome work(int attempt) {
    try {
      return reconciler.handle(
          new WorkItem("p", Lane.CHANGE, Trigger.NONE, Duration.ZERO, attempt));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The calls until nothing more is written, with a cache that keeps up. */
  private List<String> settled() {
    for (int i = 0; i < 10; i++) {
      handle(1);
      revisions.show(router);
    }
    return revisions.calls();
  }

  @Test
  void onlyValidVersionsAreRecordedWithOneWriteEach() {
    apply(1, cpu(1));
    assertEquals(List.of("create 1"), settled());
    apply(2, INVALID);
    assertEquals(List.of(), settled());
    apply(3, cpu(1));
    assertEquals(List.of(), settled(), "it equals the last valid version");
    apply(4, cpu(2));
    assertEquals(List.of("create 4"), settled());
    apply(5, cpu(1));
    assertEquals(List.of("create 5"), settled(), "the newest is the version in force");
  }

  @Test
  void statusOfThePolicyCausesNoWrite() {
    apply(1, cpu(1));
    settled();
    router.policyChanged(
        policy("p", 1, CREATED, cpu(1)).withStatus("99", json("{'observedGeneration': 1}")));
    assertEquals(List.of(), settled());
  }

  @Test
  void revisionsStayWithinTheLimitOnceTheCacheShowsThem() {
    for (int generation = 1; generation <= 8; generation++) {
      apply(generation, cpu(generation));
      settled();
    }
    assertEquals(List.of(4L, 5L, 6L, 7L, 8L), generations());
  }

  @Test
  void limitOfTheRolloutHolds() {
    for (int generation = 1; generation <= 4; generation++) {
      rollout(generation, cpu(generation), stable(generation, generation));
      settled();
    }
    assertEquals(List.of(3L, 4L), generations());
  }

  @Test
  void stableRevisionAndThoseThatNodesMayCarryStay() {
    rollout(1, cpu(1), stable(1, 1));
    settled();
    rollout(2, cpu(2), stable(2, 2));
    settled();
    for (int generation = 3; generation <= 7; generation++) {
      rollout(generation, cpu(generation), stable(2, 2));
      settled();
    }
    assertEquals(
        List.of(2L, 3L, 4L, 5L, 6L, 7L), generations(), "each edit came during the one before");
    rollout(8, cpu(8), stable(7, 7));
    settled();
    assertEquals(List.of(7L, 8L), generations(), "the seventh was completed");
  }

  @Test
  void newestRecordOfTheStableRevisionIsTheOneThatStays() {
    rollout(1, cpu(1), stable(1, 1));
    settled();
    rollout(2, "{'priority': 2, " + cpu(1).substring(1), stable(1, 2));
    settled();
    rollout(3, cpu(3), stable(1, 2));
    settled();
    assertEquals(List.of(2L, 3L), generations(), "its selector names the nodes on it");
  }

  @Test
  void editsDuringARolloutAreBounded() {
    rollout(1, cpu(1), stable(1, 1));
    settled();
    for (int generation = 2; generation <= 30; generation++) {
      rollout(generation, cpu(generation), stable(1, 1));
      settled();
    }
    List<Long> kept = generations();
    assertEquals(1 + RevisionHistory.MAX_IN_BETWEEN, kept.size());
    assertEquals(1L, kept.get(0), "the way back stays open");
    assertEquals(30L, kept.get(kept.size() - 1));
  }

  @Test
  void pausesOfOneRolloutAreNoRevisionsOfTheirOwn() {
    rollout(1, cpu(1), stable(1, 1));
    settled();
    for (int generation = 2; generation <= 9; generation++) {
      rollout(generation, "{'priority': " + generation + ", " + cpu(2).substring(1), stable(1, 1));
      settled();
    }
    assertEquals(List.of(1L, 9L), generations(), "they all have the sections of the newest");
  }

  @Test
  void completedVersionSaysSoWithOneWrite() {
    apply(1, cpu(1));
    assertEquals(List.of("create 1"), settled(), "without a rollout it is completed at once");
    rollout(2, cpu(2), stable(1, 1));
    assertEquals(List.of("create 2"), settled());
    assertEquals(List.of(Completion.COMPLETED, Completion.PENDING), completions());
    rollout(2, cpu(2), stable(2, 2));
    assertEquals(List.of("patch 2"), settled());
    assertEquals(List.of(Completion.COMPLETED, Completion.COMPLETED), completions());
  }

  @Test
  void versionOfAnEarlierControllerSaysItOnceAPolicyWithARolloutNeedsIt() {
    PolicyRevision old = revision("p", 1, cpu(1));
    revisions.stored().put(old.name(), old);
    revisions.show(router);
    apply(1, cpu(1));
    assertEquals(List.of(), settled());
    rollout(2, cpu(2), stable(1, 1));
    assertEquals(List.of("create 2", "patch 1"), settled());
  }

  @Test
  void completionIsWrittenAgainUntilTheCacheShowsIt() {
    rollout(1, cpu(1), "{}");
    settled();
    rollout(1, cpu(1), stable(1, 1));
    revisions.thenAnswer(new WriteResult.Retry("no reply", Duration.ZERO));
    assertInstanceOf(Outcome.Failed.class, handle(1));
    handle(1);
    handle(1);
    assertEquals(List.of("patch 1", "patch 1"), revisions.calls(), "the cache is behind");
    revisions.show(router);
    assertEquals(List.of(), settled());
  }

  private List<Completion> completions() {
    return revisions.stored().values().stream()
        .sorted(Comparator.comparing(PolicyRevision::generation))
        .map(PolicyRevision::completion)
        .toList();
  }

  @Test
  void nothingIsDeletedWhileTheStableRevisionIsNotKnown() {
    rollout(1, cpu(1), stable(1, 1));
    settled();
    for (int generation = 2; generation <= 4; generation++) {
      rollout(generation, cpu(generation), "{'observedGeneration': 1}");
      settled();
    }
    assertEquals(List.of(1L, 2L, 3L, 4L), generations());
  }

  /** Applies a version with a rollout that keeps two revisions. */
  private void rollout(long generation, String spec, String status) {
    router.policyChanged(
        policy(
                "p",
                generation,
                CREATED,
                spec.replaceFirst("\\{", "{'rollout': {'revisionHistoryLimit': 2}, "))
            .withStatus(Long.toString(generation), json(status)));
  }

  /** The status after the rollout of a version with so many CPUs. */
  private static String stable(int cpu, int generation) {
    String revision = revision("p", generation, cpu(cpu)).revision();
    return "{'rollout': {'stable': '" + revision + "', 'stableGeneration': " + generation + "}}";
  }

  private List<Long> generations() {
    return revisions.stored().values().stream().map(PolicyRevision::generation).sorted().toList();
  }

  @Test
  void standbyAndUnfilledCachesWriteNothing() {
    apply(1, cpu(1));
    synced = false;
    handle(1);
    synced = true;
    fence.close();
    work(1);
    assertEquals(List.of(), revisions.calls());
  }

  @Test
  void staleCacheAndLostReplyCauseNoSecondRevision() {
    apply(1, cpu(1));
    handle(1);
    handle(1);
    assertEquals(List.of("create 1"), revisions.calls(), "the cache does not show it yet");

    apply(2, cpu(2));
    revisions.show(router);
    revisions.thenAnswer(new WriteResult.Retry("no reply", Duration.ZERO));
    handle(1);
    PolicyRevision made = revision("p", 2, cpu(2));
    revisions.stored().put(made.name(), made);
    assertInstanceOf(Outcome.Failed.class, handle(1), "409, as the last leader has made it");
    assertEquals(List.of("create 2", "create 2"), revisions.calls());
    revisions.show(router);
    assertEquals(List.of(), settled());
    assertEquals(List.of(), events.latest());
  }

  @Test
  void versionRecordedByTheFormerLeaderIsNotRecordedAgain() {
    PolicyRevision made = revision("p", 1, cpu(1));
    revisions.stored().put(made.name(), made);
    revisions.show(router);
    apply(1, cpu(1));
    assertEquals(List.of(), settled());
  }

  @Test
  void olderVersionOfAFormerLeaderIsNotTheNewest() {
    apply(2, cpu(2));
    settled();
    PolicyRevision late = revision("p", 1, cpu(1));
    revisions.stored().put(late.name(), late);
    revisions.show(router);
    apply(3, INVALID);
    assertEquals(List.of(), settled());
    PolicyCatalog restarted = PolicyFixture.catalog(policy("p", 3, CREATED, INVALID));
    revisions.stored().values().forEach(restarted::apply);
    assertEquals(2, restarted.snapshot().inForce().get(0).meta().generation());
  }

  @Test
  void refusalIsReportedOnceForAVersionAndBackedOff() {
    apply(1, cpu(1));
    for (int attempt = 1; attempt <= 3; attempt++) {
      revisions.thenAnswer(QUOTA);
      assertInstanceOf(Outcome.Failed.class, handle(attempt));
    }
    assertEquals(
        List.of(QosEvent.Type.WRITE_REFUSED),
        events.latest().stream().map(QosEvent::type).toList());
    assertTrue(events.latest().get(0).message().contains("exceeded quota"));
    apply(2, cpu(2));
    revisions.thenAnswer(QUOTA);
    handle(1);
    assertEquals(2, events.latest().size(), "another version is lost");
    assertEquals(4, revisions.calls().size());
    assertEquals(List.of("create 2"), settled());
  }

  @Test
  void editedRevisionIsRestored() {
    apply(1, cpu(1));
    settled();
    PolicyRevision good = revisions.stored().values().iterator().next();
    revisions
        .stored()
        .put(
            good.name(),
            new PolicyRevision(
                good.name(),
                "theirs",
                "p",
                good.policyUid(),
                1,
                json("{'images': []}"),
                Instant.EPOCH,
                Completion.UNKNOWN));
    revisions.show(router);
    assertEquals(List.of("delete 1", "create 1"), settled());
    assertTrue(revisions.stored().get(good.name()).isIntact());
  }

  @Test
  void nameTakenByAForeignObjectIsReportedOnce() {
    apply(1, cpu(1));
    for (int attempt = 1; attempt <= 4; attempt++) {
      revisions.thenAnswer(new WriteResult.Conflict());
      assertInstanceOf(Outcome.Failed.class, handle(attempt));
    }
    assertEquals(1, events.latest().size());
    assertTrue(events.latest().get(0).message().contains("exists without the label"));
  }

  @Test
  void policyCreatedAgainUnderItsNameIsRecordedAgain() {
    apply(1, cpu(1));
    settled();
    PolicyObject again =
        new PolicyObject(
            new PolicyObject.Meta("p", "another-uid", "20", 1, CREATED, false, List.of()),
            policy("p", cpu(1)).spec(),
            policy("p", "{}").status());
    router.policyChanged(again);
    assertEquals(List.of("create 1"), settled());
    assertEquals(2, revisions.stored().size(), "the old one is the garbage collector's");
  }

  @Test
  void deletedPolicyIsNotRecorded() {
    router.policyChanged(PolicyFixture.deleting(policy("p", cpu(1)), "example.com/other"));
    assertEquals(List.of(), settled());
    router.policyDeleted("p");
    assertEquals(List.of(), settled());
  }

  @Test
  void refusedRevisionIsNeitherReplacedNorDeletedEarly() {
    PolicyRevision refused = revision("p", 2, INVALID);
    apply(1, cpu(1));
    settled();
    revisions.stored().put(refused.name(), refused);
    revisions.show(router);
    apply(2, INVALID);
    assertEquals(List.of(), settled());
    assertEquals(1, policies.snapshot().inForce().get(0).meta().generation());
  }
}
