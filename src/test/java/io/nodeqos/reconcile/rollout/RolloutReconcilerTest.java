// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.FakeCluster;
import io.nodeqos.reconcile.FakePolicyWriter;
import io.nodeqos.reconcile.ToggledFence;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One call of the leader at a time: the record first, then the moves, and when it looks again. */
class RolloutReconcilerTest {
  private static final String BEFORE = spec("1");
  private static final String AFTER = spec("2");
  private static final String A = PolicyFixture.revision("p", 1, BEFORE).revision();
  private static final String B = PolicyFixture.revision("p", 2, AFTER).revision();
  private static final Outcome AT_ONCE = Outcome.again(Duration.ZERO);
  private static final Outcome IN_A_SECOND = Outcome.again(Duration.ofSeconds(1));

  private final FakeTime time = new FakeTime();
  private final FakePolicyWriter api = new FakePolicyWriter();
  private final PolicyCatalog policies = PolicyFixture.catalog();
  private final FakeCluster cluster = new FakeCluster();
  private final FleetIndex fleet = new FleetIndex();
  private final ToggledFence fence = new ToggledFence();
  private final List<String> toDecide = new ArrayList<>();
  private final List<RolloutPhase> told = new ArrayList<>();
  private Duration lookTakes = Duration.ZERO;
  private final RolloutReconciler reconciler =
      new RolloutReconciler(
          policies,
          cluster,
          fleet,
          new RolloutWrites(
              api,
              new PolicyWrites(),
              fence,
              (policy, before, now) -> told.add(now.phase()),
              failures -> Duration.ofMinutes(failures)),
          toDecide::add,
          TimeSource.of(time::instant, this::nanos));

  private static String spec(String cpu) {
    return "{'reservation': {'cpu': '"
        + cpu
        + "'}, 'rollout': {'steps': [{'nodes': 1}], 'maxConcurrent': 2, 'onFailure': 'RollBack',"
        + " 'health': {'for': '10s'}}}";
  }

  @BeforeEach
  void stableRevision() {
    fence.open();
    apply(BEFORE);
    policies.apply(PolicyFixture.revision("p", 1, BEFORE));
    JsonObject status = new JsonObject();
    status.add(RolloutJson.FIELD, RolloutJson.stable(A, 1));
    api.changeStatus("p", status);
    seePolicy();
    handle();
    seePolicy();
    for (String node : List.of("a", "b", "c")) {
      carries(node, A);
      fleet.update(
          node, before -> NodeState.of(NodePlan.none(Summary.of(NodePhase.WARM), NodeMemory.NONE)));
    }
  }

  @Test
  void versionThatAllNodesFollowIsRecordedOnce() {
    assertEquals(RolloutPhase.COMPLETE, record().phase());
    assertEquals(new RolloutState.Revisions(A, 1, A), record().revisions());
    assertEquals(Outcome.done(), handle());
    assertEquals(1, api.writes());
    assertEquals(List.of(RolloutPhase.COMPLETE), told);
  }

  @Test
  void recordThatHasLostItsPhaseIsWrittenAgain() {
    JsonObject status = api.policies().get("p").status().deepCopy();
    status.getAsJsonObject(RolloutJson.FIELD).remove("phase");
    api.changeStatus("p", status);
    seePolicy();
    assertEquals(Outcome.done(), handle());
    assertTrue(RolloutJson.namesPhase(api.policies().get("p").status()));
    assertEquals(Outcome.done(), handle());
    assertEquals(2, api.writes(), "once");
  }

  @Test
  void recordIsWrittenBeforeANodeMoves() {
    edit();
    assertEquals(AT_ONCE, handle());
    assertEquals(RolloutPhase.PROGRESSING, record().phase());
    assertEquals(List.of(), toDecide);

    assertEquals(IN_A_SECOND, handle(), "the cache need not have seen the record");
    assertEquals(1, toDecide.size());
    assertEquals(Optional.of(B), policies.moves().of("p", toDecide.get(0)));
  }

  @Test
  void nextStepIsRecordedOnceAllOfTheLastAreHealthyForItsTime() {
    String first = firstMoved();
    carries(first, B);
    assertEquals(AT_ONCE, handle());
    assertEquals(RolloutPhase.SOAKING, record().phase());
    assertEquals(Optional.empty(), policies.moves().of("p", first), "the node carries it");

    time.advance("9S");
    assertEquals(IN_A_SECOND, handle());
    time.advance("1S");
    assertEquals(AT_ONCE, handle());
    assertEquals(2, record().progress().step());
    assertEquals(List.of(first), toDecide);
    assertEquals(IN_A_SECOND, handle());
    assertEquals(3, toDecide.size());
  }

  @Test
  void countsAloneAreRecordedEachFiveSeconds() {
    carries(firstMoved(), B);
    handle();
    time.advance("10S");
    handle();
    handle();
    int writes = api.writes();

    carries(toDecide.get(1), B);
    time.advance("4S");
    assertEquals(IN_A_SECOND, handle());
    assertEquals(writes, api.writes());
    time.advance("1S");
    assertEquals(IN_A_SECOND, handle());
    assertEquals(writes + 1, api.writes());
    assertEquals(2, record().counts().updated());
    time.advance("5S");
    handle();
    assertEquals(writes + 1, api.writes(), "nothing is new");
  }

  @Test
  void rolloutThatWasRolledBackIsLookedAtSeldom() {
    String first = firstMoved();
    cluster.show(
        RolloutFixture.carrying(first, B)
            .condition(new NodeCondition("Ready", "False", "KubeletNotReady", "", time.instant()))
            .build());
    for (int i = 0; i < 100 && record().phase() != RolloutPhase.ROLLING_BACK; i++) {
      handle();
      time.advance("10S");
    }
    assertEquals(IN_A_SECOND, handle());
    assertEquals(List.of(first, first), toDecide);
    assertEquals(Optional.of(A), policies.moves().of("p", first));

    carries(first, A);
    assertEquals(AT_ONCE, handle());
    assertEquals(RolloutPhase.ROLLED_BACK, record().phase());
    assertEquals(Outcome.again(Duration.ofSeconds(30)), handle());
  }

  @Test
  void nodesStayWhenTheTermEndsAndThenMoveInTheNextOne() {
    edit();
    handle();
    fence.close();
    handle();
    assertEquals(List.of(), toDecide);

    fence.open();
    policies.moves().move("p", "c", B);
    policies.moves().move("other", "c", B);
    handle();
    assertEquals(1, toDecide.size());
    assertEquals(
        Optional.empty(), policies.moves().of("other", "c"), "a move of a term that is over");
  }

  @Test
  void nodesAreNotLookedAtUntilTheCacheHasTheEndOfTheLastRollout() {
    edit();
    handle();
    for (int i = 0; i < 100 && record().phase() != RolloutPhase.COMPLETE; i++) {
      handle();
      List.copyOf(toDecide).forEach(node -> carries(node, B));
      time.advance("1S");
    }
    assertEquals(new RolloutState.Revisions(B, 2, B), record().revisions());

    int writes = api.writes();
    assertEquals(Outcome.again(Duration.ofMillis(100)), handle());
    seePolicy();
    assertEquals(Outcome.done(), handle());
    assertEquals(writes, api.writes());
  }

  @Test
  void refusedWriteMovesNoNodeAndIsTriedAgain() {
    edit();
    api.thenAnswer(new WriteResult.Rejected(403, "forbidden"));
    assertInstanceOf(Outcome.Failed.class, handle());
    assertEquals(List.of(), toDecide);
    assertEquals(List.of(RolloutPhase.COMPLETE), told);
    assertEquals(AT_ONCE, handle());
  }

  @Test
  void recordOfADeletedPolicyIsNotTriedAgain() {
    edit();
    api.thenAnswer(new WriteResult.NotFound());
    assertEquals(Outcome.done(), handle());
  }

  @Test
  void policyThatIsBeingDeletedHasNoMoves() {
    String first = firstMoved();
    policies.apply(PolicyFixture.deleting(api.policies().get("p"), "nodeqos.io/nodes"));
    assertEquals(Outcome.done(), handle());
    assertEquals(Optional.empty(), policies.moves().of("p", first));
  }

  @Test
  void policyWithoutARolloutHasNoMoves() {
    String first = firstMoved();
    apply("{'reservation': {'cpu': '2'}}");
    assertEquals(Outcome.done(), handle());
    assertEquals(Optional.empty(), policies.moves().of("p", first));
  }

  @Test
  void lookThatTakesLongIsSeldom() {
    firstMoved();
    lookTakes = Duration.ofMillis(200);
    assertEquals(Outcome.again(Duration.ofSeconds(4)), handle());
  }

  private long nanos() {
    time.advance(lookTakes);
    return time.nanos();
  }

  /** The user edits the policy. */
  private void edit() {
    apply(AFTER);
    policies.apply(PolicyFixture.revision("p", 2, AFTER));
  }

  /** The node of the first step, which was just given the revision of the edit. */
  private String firstMoved() {
    edit();
    handle();
    seePolicy();
    handle();
    return toDecide.get(0);
  }

  private void apply(String spec) {
    policies.apply(api.apply(PolicyFixture.policy("p", spec)));
  }

  private void seePolicy() {
    policies.apply(api.policies().get("p"));
  }

  private void carries(String node, String revision) {
    cluster.show(RolloutFixture.carrying(node, revision).build());
  }

  private RolloutState record() {
    return RolloutJson.in(api.policies().get("p").status()).orElseThrow();
  }

  private Outcome handle() {
    return reconciler.handle(new WorkItem("p", Lane.CHANGE, Trigger.NONE, Duration.ZERO, 1));
  }
}
