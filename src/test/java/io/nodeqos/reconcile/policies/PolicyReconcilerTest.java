// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.ObjectId;
import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.BrakeSettings;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.FakeCluster;
import io.nodeqos.reconcile.FakePolicyWriter;
import io.nodeqos.reconcile.NoDryRuns;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.ToggledFence;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.brake.BrakeStatus;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.plan.OrphanTaints;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReconcilerTest {
  private static final String CPU = "{'reservation': {'cpu': '1'}}";
  private static final String STEPS = "{'reservation': {'cpu': '2'}, 'rollout': {}}";

  private final FakeTime time = new FakeTime();
  private final FakePolicyWriter api = new FakePolicyWriter();
  private final PolicyCatalog policies = PolicyFixture.catalog();
  private final FleetIndex fleet = new FleetIndex();
  private final FakeCluster cluster = new FakeCluster();
  private final ToggledFence fence = new ToggledFence();
  private final RecentEvents events = new RecentEvents(100);
  private final PolicyReconciler reconciler = reconciler();

  @BeforeEach
  void aPolicyIsAppliedAndThisProcessLeads() {
    apply("{}");
    fence.open();
  }

  @Test
  void statusIsWrittenOnceWhileNothingChanges() {
    assertEquals(Outcome.done(), reconcile());
    for (int i = 0; i < 5; i++) {
      time.advance("1M");
      cacheCatchesUp();
      assertEquals(Outcome.done(), reconcile());
    }
    assertEquals(1, api.calls());
  }

  @Test
  void reorderedFieldsCauseNoWrite() {
    reconcile();
    time.advance("5S");
    PolicyObject written = api.policies().get("p");
    JsonObject reordered = new JsonObject();
    List<String> fields = List.copyOf(written.status().keySet());
    for (int i = fields.size() - 1; i >= 0; i--) {
      reordered.add(fields.get(i), written.status().get(fields.get(i)));
    }
    policies.apply(written.withStatus(written.meta().resourceVersion(), reordered));
    assertEquals(Outcome.done(), reconcile());
    assertEquals(1, api.calls());
  }

  @Test
  void changeSoonAfterAWriteWaitsForTheRestOfTheInterval() {
    reconcile();
    node("a", NodePhase.WAITING);
    time.advance("2S");
    assertEquals(new Outcome.Again(Lane.CHANGE, Duration.ofSeconds(3)), reconcile());
    time.advance("3S");
    assertEquals(Outcome.done(), reconcile());
    assertEquals(2, api.writes());
    assertEquals(1, nodes("waiting"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1H", "PT1H"})
  void intervalIsMeasuredByTheMonotonicClockAndTimesAreOfTheWallClock(String step) {
    reconcile();
    time.stepWall(Duration.parse(step));
    node("a", NodePhase.WAITING);
    time.advance("4S");
    assertEquals(new Outcome.Again(Lane.CHANGE, Duration.ofSeconds(1)), reconcile());
    time.advance("1S");
    assertEquals(Outcome.done(), reconcile());
    assertEquals(2, api.writes());
    assertTrue(
        api.policies()
            .get("p")
            .status()
            .toString()
            .contains(time.instant().truncatedTo(ChronoUnit.SECONDS).toString()),
        () -> "a transition at " + time.instant() + ": " + api.policies().get("p").status());
  }

  @Test
  void cacheBehindTheLastWriteCausesNoConflict() {
    node("a", NodePhase.WAITING);
    reconcile();
    time.advance("5S");
    node("a", NodePhase.WARM);
    reconcile();
    time.advance("5S");
    // The cache shows the policy without any status still.
    node("a", NodePhase.WAITING);
    assertEquals(Outcome.done(), reconcile());
    assertEquals(3, api.writes(), "no conflict, and nothing left out");
    assertEquals(1, nodes("waiting"));
  }

  @Test
  void policyCreatedAgainUnderItsNameIsNotMistakenForTheOldOne() {
    reconcile();
    api.delete("p");
    PolicyObject.Meta meta =
        new PolicyObject.Meta("p", "uid-2", "", 1, time.instant(), false, List.of());
    policies.apply(api.apply(new PolicyObject(meta, new JsonObject(), new JsonObject())));
    assertEquals(Outcome.done(), reconcile(), "it does not wait for the other's interval either");
    assertEquals(2, api.writes());
  }

  @Test
  void deletedPolicyIsForgotten() {
    reconcile();
    policies.remove("p");
    assertEquals(Outcome.done(), reconcile());
    assertEquals(1, api.calls());
  }

  @Test
  void standbyWritesNothing() {
    fence.close();
    assertEquals(Outcome.done(), reconcile());
    assertEquals(0, api.calls());
  }

  @Test
  void policyCreatedAgainUnderItsNameIsNewWhenItsDeletionWasMissed() {
    api.thenAnswer(new WriteResult.Rejected(403, "no"));
    reconcile();
    PolicyObject again =
        new PolicyObject(
            new PolicyObject.Meta(
                "p", "another", "9000", 1, PolicyFixture.CREATED, false, List.of()),
            new JsonObject(),
            new JsonObject());
    api.policies().put("p", again);
    policies.apply(again);
    api.thenAnswer(new WriteResult.Rejected(403, "no"));
    reconcile();
    assertEquals(
        2,
        events.latest().stream().filter(e -> e.type() == QosEvent.Type.WRITE_REFUSED).count(),
        "the refusal of its predecessor's status says nothing of its own");
    reconcile();
    assertEquals("1", api.policies().get("p").status().get("observedGeneration").toString());
    assertFalse(
        BrakeStatus.token(again.meta(), time.instant())
            .equals(BrakeStatus.token(policy("p", "{}").meta(), time.instant())),
        "a confirmation of its predecessor does not count");
  }

  @Test
  void invalidPolicyIsLoggedOnceForEachGeneration() {
    apply("{'priority': 'high'}");
    try (CapturedLog log = CapturedLog.of(PolicyStatusEvents.class)) {
      reconcile();
      cacheCatchesUp();
      for (NodePhase phase : List.of(NodePhase.WAITING, NodePhase.WARM)) {
        time.advance("5S");
        node("a", phase);
        reconcile();
        cacheCatchesUp();
      }
      assertEquals(3, api.writes());
      assertEquals(1, log.warnings().size(), log.warnings().toString());
      apply("{'priority': 'low'}");
      time.advance("5S");
      reconcile();
      assertEquals(2, log.warnings().size(), log.warnings().toString());
      assertTrue(log.warnings().get(1).startsWith("Policy invalid: spec.priority"));
    }
  }

  @Test
  void refusalIsLoggedOnceAndBackedOff() {
    try (CapturedLog log = CapturedLog.of(PolicyUpdates.class)) {
      for (int i = 0; i < 4; i++) {
        api.thenAnswer(new WriteResult.Rejected(422, "not valid"));
        assertSame(
            TestProcess.AFTER_FAILURES,
            assertInstanceOf(Outcome.Failed.class, reconcile()).delays());
      }
      assertEquals(
          List.of("The API server refuses the policy's status or finalizer: 422 not valid"),
          log.warnings());
    }
  }

  @Test
  void conflictIsRetriedFromTheUpdatedCache() {
    reconcile();
    node("a", NodePhase.WARM);
    time.advance("5S");
    api.apply(policy("p", "{'priority': 3}"));
    assertInstanceOf(Outcome.Failed.class, reconcile());
    cacheCatchesUp();
    allAreSeen();
    assertEquals(Outcome.done(), reconcile());
    assertEquals(2, api.policies().get("p").status().get("observedGeneration").getAsInt());
  }

  @Test
  void newGenerationIsReportedAfterItsNodesAreDecided() {
    node("a", NodePhase.WARM);
    reconcile();
    cacheCatchesUp();
    apply("{'priority': 3}");
    time.advance("1M");
    assertEquals(new Outcome.Again(Lane.CHANGE, Duration.ofMillis(250)), reconcile());
    assertEquals(1, api.calls(), "kubectl wait would return for an undecided node");
    allAreSeen();
    assertEquals(Outcome.done(), reconcile());
    assertEquals(2, api.policies().get("p").status().get("observedGeneration").getAsInt());
    assertTrue(conditions().isTrue("Available"));
  }

  @Test
  void undecidableNodeDoesNotDelayTheReport() {
    node("a", NodePhase.WARM);
    node("b", NodePhase.WARM);
    reconcile();
    cacheCatchesUp();
    apply("{'priority': 3}");
    time.advance("1M");
    node("a", NodePhase.WARM);
    for (int looks = 0; looks < 40; looks++) {
      reconcile();
    }
    assertEquals(1, api.calls());
    assertEquals(new Outcome.Again(Lane.CHANGE, Duration.ofSeconds(1)), reconcile());
    assertTrue(conditions().isFalse("Available"));
    assertEquals(
        "0 of 2 nodes wait for their gates, 1 are not configured yet.",
        conditions().message("Progressing"));
    assertEquals(2, nodes("warm"), "its mark is known");
    cacheCatchesUp();
    time.advance("5S");
    node("b", NodePhase.WARM);
    reconcile();
    assertTrue(conditions().isTrue("Available"));
  }

  @Test
  void newNodeOfAnotherPolicyDoesNotDelayTheReport() {
    cluster.show(NodeFixture.node("new").build());
    apply("{'nodeSelector': {'matchLabels': {'pool': 'x'}}}");
    assertEquals(Outcome.done(), reconcile());
    assertEquals(1, api.writes());
  }

  @Test
  void wipedStatusIsRestored() {
    node("a", NodePhase.WARM);
    reconcile();
    JsonObject written = api.policies().get("p").status();
    time.advance("1H");
    policies.apply(api.changeStatus("p", new JsonObject()));
    assertEquals(Outcome.done(), reconcile());
    assertEquals(written, api.policies().get("p").status(), "with its transition times");
    assertEquals(1, events.latest().size(), "it is no news");
  }

  @Test
  void repeatedStatusRepairsAreDampedAndNewCountsAreNot() {
    reconcile();
    try (CapturedLog log = CapturedLog.of(PolicyUpdates.class)) {
      int before = api.writes();
      for (int second = 0; second < 3600; second++) {
        time.advance("1S");
        if (!api.policies().get("p").status().keySet().isEmpty()) {
          policies.apply(api.changeStatus("p", new JsonObject()));
        }
        reconcile();
      }
      int repairs = api.writes() - before;
      assertTrue(repairs > 5 && repairs < 25, repairs + " writes in an hour");
      assertEquals(1, log.warnings().size(), log.warnings().toString());
    }
    time.advance("5S");
    node("a", NodePhase.WARM);
    int before = api.writes();
    reconcile();
    assertEquals(before + 1, api.writes());
  }

  @Test
  void suspensionAndItsEndAreEventsOnThePolicy() {
    reconcile();
    next("{'suspend': true}");
    node("a", NodePhase.WARM);
    reconcileLater();
    next("{'suspend': false}");
    assertEquals(
        List.of(Type.POLICY_VALID, Type.POLICY_SUSPENDED, Type.POLICY_RESUMED),
        events.latest().stream().map(QosEvent::type).toList());
    assertEquals(
        "The policy has been suspended since 2026-03-01T00:00:05Z: no node takes a section from"
            + " it.",
        events.latest().get(1).message());
  }

  private Conditions conditions() {
    return Conditions.in(api.policies().get("p").status());
  }

  @Test
  void retryAfterIsHonouredAndADeletedPolicyIsForgotten() {
    api.thenAnswer(new WriteResult.Retry("429", Duration.ofSeconds(9)));
    assertEquals(
        Duration.ofSeconds(9),
        assertInstanceOf(Outcome.Failed.class, reconcile()).delays().delay(5));
    api.thenAnswer(new WriteResult.Throttled(Duration.ofMillis(40)));
    assertEquals(new Outcome.Postponed(Duration.ofMillis(40)), reconcile());
    api.thenAnswer(new WriteResult.NotFound());
    assertEquals(Outcome.done(), reconcile());
    api.thenAnswer(new WriteResult.Fenced("closed"));
    assertEquals(Outcome.done(), reconcile());
  }

  @Test
  void eachChangeOfValidityIsAnEventOnThePolicy() {
    reconcile();
    next("{'priority': 3}");
    next("{'priority': 'high'}");
    node("a", NodePhase.WARM);
    reconcileLater();
    next("{'priority': 'low'}");
    next("{'priority': 4}");

    assertEquals(
        List.of(Type.POLICY_VALID, Type.POLICY_INVALID, Type.POLICY_INVALID, Type.POLICY_VALID),
        events.latest().stream().map(QosEvent::type).toList(),
        "no news: a valid generation after a valid one, and a count");
    QosEvent invalid = events.latest().get(1);
    assertEquals(new ObjectId("p", "uid-p"), invalid.policy());
    assertEquals(ObjectId.NONE, invalid.node());
    assertEquals(1, invalid.context().epoch());
    assertTrue(invalid.message().startsWith("spec.priority"), invalid.message());
    assertTrue(
        invalid.message().endsWith("The last valid version stays in force."), invalid.message());
  }

  @Test
  void problemReportedByAnotherReplicaIsNoSecondEvent() {
    apply("{'priority': 'high'}");
    reconcile();
    cacheCatchesUp();
    PolicyReconciler next = reconciler();
    next.handle(new WorkItem("p", Lane.CHANGE, Trigger.NONE, Duration.ZERO, 1));
    node("a", NodePhase.WARM);
    next.handle(new WorkItem("p", Lane.CHANGE, Trigger.NONE, Duration.ZERO, 1));
    assertEquals(
        List.of(Type.POLICY_INVALID), events.latest().stream().map(QosEvent::type).toList());
  }

  @Test
  void refusalIsOneEvent() {
    for (int i = 0; i < 3; i++) {
      api.thenAnswer(new WriteResult.Rejected(422, "not valid"));
      reconcile();
    }
    assertEquals(
        List.of("The API server refuses the policy's status or finalizer: not valid"),
        events.latest().stream().map(QosEvent::message).toList());
  }

  @Test
  void revisionOfAPolicyWithoutARolloutIsRecordedInTheSameWrite() {
    reconcile();
    assertEquals(stable(policies.rollout("p").orElseThrow().target(), 1), rollout());
    next(CPU);
    assertEquals(stable(policies.rollout("p").orElseThrow().target(), 2), rollout());
    assertEquals(2, api.writes());
    reconcileLater();
    assertEquals(2, api.calls(), "nothing is left to write");
  }

  @Test
  void rolloutThatIsNoLongerWantedLeavesOnlyTheRevision() {
    reconcile();
    JsonObject status = api.policies().get("p").status().deepCopy();
    status.add(
        "rollout",
        json("{'stable': 'aaaaaaaaaa', 'phase': 'Paused', 'failedNodes': [], 'message': 'x'}"));
    time.advance("5S");
    policies.apply(api.changeStatus("p", status));
    reconcile();
    assertEquals(stable(policies.rollout("p").orElseThrow().target(), 1), rollout());
    cacheCatchesUp();
    reconcileLater();
    assertEquals(2, api.calls());
  }

  @Test
  void rolloutStartsFromTheVersionThatWasInForceBefore() {
    reconcile();
    JsonObject before = rollout();
    next(STEPS);
    assertEquals(before, rollout(), "the leader of the rollout has not begun");
    assertEquals(2, api.policies().get("p").status().get("observedGeneration").getAsInt());
  }

  @Test
  void recordOfARolloutIsLeftAsItIs() {
    reconcile();
    next(STEPS);
    JsonObject status = api.policies().get("p").status().deepCopy();
    JsonObject record = json("{'stable': 'aaaaaaaaaa', 'phase': 'Soaking', 'step': 2}");
    status.add("rollout", record);
    policies.apply(api.changeStatus("p", status));
    node("a", NodePhase.WARM);
    reconcileLater();
    assertEquals(1, nodes("matched"));
    assertEquals(record, rollout());
  }

  @Test
  void newPolicyWithARolloutHasNoStableRevision() {
    policies.remove("p");
    api.delete("p");
    apply(STEPS);
    reconcile();
    assertEquals(stable("", 0), rollout(), "after this write, nothing else would tell it");
  }

  @Test
  void versionBeforeTheFirstRolloutIsKnownFromItsStoredRevision() {
    PolicyRevision earlier = PolicyFixture.revision("p", 1, CPU);
    policies.apply(earlier);
    apply(STEPS);
    policies.apply(api.changeStatus("p", json("{'observedGeneration': 1}")));
    reconcile();
    assertEquals(stable(earlier.revision(), 1), rollout(), "an earlier controller recorded none");
  }

  @Test
  void removedRecordIsRestoredWithTheLastKnownStableRevision() {
    reconcile();
    JsonObject before = rollout();
    next(STEPS);
    JsonObject status = api.policies().get("p").status().deepCopy();
    status.remove("rollout");
    policies.apply(api.changeStatus("p", status));
    reconcileLater();
    assertEquals(before, rollout());
  }

  private JsonObject rollout() {
    return api.policies().get("p").status().getAsJsonObject("rollout");
  }

  private static JsonObject stable(String revision, int generation) {
    return json("{'stable': '" + revision + "', 'stableGeneration': " + generation + "}");
  }

  private void next(String spec) {
    cacheCatchesUp();
    apply(spec);
    allAreSeen();
    reconcileLater();
  }

  private void reconcileLater() {
    time.advance("5S");
    reconcile();
    cacheCatchesUp();
  }

  private void apply(String spec) {
    policies.apply(api.apply(policy("p", spec)));
  }

  private void cacheCatchesUp() {
    policies.apply(api.policies().get("p"));
  }

  private PolicyReconciler reconciler() {
    Brake brake =
        new Brake(
            policies,
            fleet::size,
            () -> BrakeSettings.DEFAULT,
            new Brake.Listener() {
              @Override
              public void policyChanged(String policy) {}

              @Override
              public void freed(String node) {}
            });
    return new PolicyReconciler(
        policies,
        new PolicyFacts(
            new PolicyCensus(cluster, policies, fleet),
            brake,
            new ImageProblems(),
            new NoDryRuns()),
        brake,
        new PolicyFinalizer(
            cluster, policies, fleet, () -> CompletableFuture.completedFuture(null)),
        new PolicyUpdates(
            api,
            new PolicyWrites(),
            fence,
            new EventPublisher(events, policies, fence, time.source()),
            () -> Duration.ofSeconds(5),
            TestProcess.AFTER_FAILURES),
        time.source());
  }

  private Outcome reconcile() {
    return reconciler.handle(new WorkItem("p", Lane.CHANGE, Trigger.NONE, Duration.ZERO, 1));
  }

  /** The fan-out has reached all nodes. */
  private void allAreSeen() {
    cluster.nodeNames().forEach(n -> fleet.update(n, s -> s.withNotes(seenNow())));
  }

  private NodeState.DecisionNotes seenNow() {
    return NodeState.DecisionNotes.NONE.decided(
        policies.snapshot().number(), OrphanTaints.NONE, Optional.empty());
  }

  private int nodes(String field) {
    return api.policies().get("p").status().getAsJsonObject("nodes").get(field).getAsInt();
  }

  private void node(String name, NodePhase phase) {
    NodePlan plan =
        NodePlan.none(
            NodePlan.Summary.of(phase).withVersion("v").withPolicies(List.of("p"), List.of("p")),
            NodeMemory.NONE);
    cluster.show(NodeFixture.node(name).build());
    fleet.update(name, s -> s.decided(plan, time.instant()).withNotes(seenNow()));
  }
}
