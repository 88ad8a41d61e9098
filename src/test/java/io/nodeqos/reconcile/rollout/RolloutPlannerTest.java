// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static io.nodeqos.reconcile.rollout.PlannerCase.A;
import static io.nodeqos.reconcile.rollout.PlannerCase.B;
import static io.nodeqos.reconcile.rollout.PlannerCase.C;
import static io.nodeqos.reconcile.rollout.PlannerCase.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutSpec.OnFailure;
import io.nodeqos.policy.rollout.RolloutSpec.Pause;
import io.nodeqos.policy.rollout.RolloutSpec.Step;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import io.nodeqos.policy.rollout.Share;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutPlannerTest {
  private static final Pause UNTIL_PROMOTED = new Pause(Optional.empty());

  @Test
  void startIsRecordedBeforeAnyNodeIsMoved() {
    PlannerCase rollout = new PlannerCase(6).step(1);
    RolloutDecision first = rollout.decide();
    assertEquals(RolloutPhase.PROGRESSING, first.state().phase());
    assertEquals(1, first.state().progress().step());
    assertEquals(2, first.state().progress().steps(), "the step of all nodes follows");
    assertEquals(1, first.state().counts().wanted());
    assertFalse(first.isAllowedBy(Optional.empty()));
    assertTrue(first.isAllowedBy(Optional.of(first.state())));
    assertEquals(Map.of("n00", B), first.moves());
  }

  @Test
  void stepsFollowOneAnotherAfterTheirSoaksUntilAllNodesHaveTheTarget() {
    PlannerCase rollout = new PlannerCase(6).step(1).step(3);
    assertEquals(RolloutPhase.SOAKING, rollout.settle().phase());
    assertEquals(1, rollout.on(B));
    rollout.seconds(9);
    assertEquals("Soaking", rollout.settle().reason());
    assertEquals(1, rollout.on(B));
    rollout.seconds(1);
    rollout.settle();
    assertEquals(3, rollout.on(B));
    rollout.seconds(10);
    rollout.settle();
    assertEquals(6, rollout.on(B));
    rollout.seconds(10);
    RolloutState end = rollout.settle();
    assertEquals(RolloutPhase.COMPLETE, end.phase());
    assertEquals(new Revisions(B, 7, B), end.revisions());
    assertTrue(end.message().contains("6 nodes"), end.message());
  }

  @Test
  void nodesThatAreNotHealthyYetCountTowardsTheConcurrentOnes() {
    PlannerCase rollout = new PlannerCase(6);
    rollout.maxConcurrent = 2;
    rollout.written = Optional.of(rollout.decide().state());
    assertEquals(2, rollout.decide().moves().size());
    rollout.carries("n00", B);
    rollout.ail("n00");
    rollout.put(PlannerCase.moving(rollout.nodes.get("n01"), B));
    assertEquals(Map.of(), rollout.decide().moves());
    rollout.carries("n01", B);
    assertEquals(Set.of("n02"), rollout.decide().moves().keySet());
    rollout.heal("n00");
    assertEquals(2, rollout.decide().moves().size());
  }

  @Test
  void soakStartsAgainWhenANodeIsUnwellMeanwhile() {
    PlannerCase rollout = new PlannerCase(6).step(1);
    rollout.settle();
    rollout.seconds(8);
    rollout.ail("n00");
    assertEquals(RolloutPhase.PROGRESSING, rollout.settle().phase());
    rollout.heal("n00");
    rollout.settle();
    rollout.seconds(9);
    rollout.settle();
    assertEquals(1, rollout.on(B));
    rollout.seconds(1);
    rollout.settle();
    assertEquals(6, rollout.on(B));
  }

  @Test
  void timedPauseFollowsTheSoak() {
    PlannerCase rollout = new PlannerCase(6).step(1, new Pause(Optional.of(Duration.ofSeconds(5))));
    rollout.settle();
    rollout.seconds(14);
    assertEquals("StepPause", rollout.settle().reason());
    assertEquals(1, rollout.on(B));
    rollout.seconds(1);
    rollout.settle();
    assertEquals(6, rollout.on(B));
  }

  @Test
  void openPauseWaitsForThePromotionOfThisRevisionAndStep() {
    PlannerCase rollout = new PlannerCase(6).step(1, UNTIL_PROMOTED).step(3, UNTIL_PROMOTED);
    rollout.settle();
    rollout.seconds(1_000);
    assertEquals("AwaitsPromotion", rollout.settle().reason());
    rollout.request = RolloutRequest.promote(A, 1);
    assertEquals("AwaitsPromotion", rollout.settle().reason());
    rollout.request = RolloutRequest.promote(B, 1);
    rollout.settle();
    assertEquals(3, rollout.on(B));
    rollout.seconds(1_000);
    assertEquals("AwaitsPromotion", rollout.settle().reason(), "the next step needs its own");
    assertEquals(2, rollout.written.get().progress().step());
  }

  @Test
  void fullPromotionSkipsAllStepsThatAreLeft() {
    PlannerCase rollout = new PlannerCase(6).step(1, UNTIL_PROMOTED).step(3, UNTIL_PROMOTED);
    rollout.settle();
    rollout.request = RolloutRequest.promote(B, 3);
    assertEquals(RolloutPhase.COMPLETE, rollout.settle().phase());
    assertEquals(6, rollout.on(B));
  }

  @Test
  void promotedStepGoesOnInSpiteOfFailedNodes() {
    PlannerCase rollout = new PlannerCase(6).step(1);
    rollout.settle();
    rollout.fail("n00");
    rollout.request = RolloutRequest.promote(B, 1);
    RolloutState state = rollout.settle();
    assertEquals(RolloutPhase.SOAKING, state.phase(), "the person has seen the failed node");
    assertEquals(6, rollout.on(B));
  }

  @Test
  void failureThatNobodyHasAcceptedCounts() {
    PlannerCase rollout = new PlannerCase(6).step(1);
    RolloutState state = rollout.settle();
    Progress p = state.progress();
    rollout.written =
        Optional.of(
            state.with(
                new Progress(
                    p.step(), p.steps(), 0, 6, p.startedAt(), p.stepSince(), p.healthySince())));
    rollout.fail("n00");
    assertTrue(rollout.settle().phase().isBack());
  }

  @Test
  void nodeThatFailsAfterThePromotionCounts() {
    PlannerCase rollout = new PlannerCase(6).step(1).step(3);
    rollout.settle();
    rollout.fail("n00");
    rollout.request = RolloutRequest.promote(B, 1);
    rollout.settle();
    rollout.fail("n01");
    assertTrue(rollout.settle().phase().isBack());
  }

  @Test
  void moveThatWaitsIsTakenBackWhenTheStepHasBecomeSmaller() {
    PlannerCase rollout = new PlannerCase(3).step(1);
    rollout.settle();
    RolloutNode waiting =
        new RolloutNode(
            "n01", "z1", A, A, Optional.of(B), true, true, false, rollout.now, NodeHealth.HEALTHY);
    rollout.put(waiting);
    assertEquals(Map.of("n01", A), rollout.decide().moves());
  }

  @Test
  void nodeThatCannotBeWrittenDoesNotHoldUpTheWayBackOfOthers() {
    PlannerCase rollout = new PlannerCase(6).step(3);
    rollout.settle();
    rollout.maxConcurrent = 1;
    rollout.put(
        new RolloutNode(
            "n02",
            "z2",
            A,
            B,
            Optional.of(A),
            false,
            false,
            true,
            rollout.now,
            NodeHealth.HEALTHY));
    rollout.fail("n00");
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase());
    assertEquals(B, rollout.nodes.get("n02").carried());
  }

  @Test
  void pausedRolloutMovesNothingUntilItIsResumed() {
    PlannerCase rollout = new PlannerCase(6).step(1);
    rollout.paused = true;
    assertEquals("PausedBySpec", rollout.settle().reason());
    assertEquals(0, rollout.on(B));
    rollout.paused = false;
    rollout.settle();
    assertEquals(1, rollout.on(B));
  }

  @Test
  void suspendedPolicyAndAnUnknownStableRevisionPause() {
    PlannerCase rollout = new PlannerCase(6).step(1);
    rollout.suspended = true;
    assertEquals("Suspended", rollout.settle().reason());
    rollout.suspended = false;
    rollout.stableKnown = false;
    assertEquals("StableUnknown", rollout.settle().reason());
    assertEquals(0, rollout.on(B));
  }

  @Test
  void tooManyFailedNodesAreRolledBackNewestFirst() {
    PlannerCase rollout = new PlannerCase(6).step(3);
    rollout.maxConcurrent = 1;
    for (int i = 0; i < 3; i++) {
      rollout.written = Optional.of(rollout.decide().state());
      rollout.decide().moves().forEach(rollout::carries);
      rollout.seconds(1);
    }
    rollout.fail("n00");
    RolloutDecision failed = rollout.decide();
    assertEquals(RolloutPhase.ROLLING_BACK, failed.state().phase());
    assertEquals(Map.of(), failed.moves(), "the record comes first");
    rollout.written = Optional.of(failed.state());
    assertEquals(Map.of("n02", A), rollout.decide().moves(), "the newest, one at a time");
    RolloutState end = rollout.settle();
    assertEquals(RolloutPhase.ROLLED_BACK, end.phase());
    assertEquals(0, rollout.on(B));
    assertTrue(
        end.message().contains("first: n00 (pod x is not Ready)"), "it says why: " + end.message());
    assertEquals(1, end.counts().failed(), "the count of the decision stays");
  }

  @Test
  void asManyNodesMayFailAsTheSpecAllows() {
    PlannerCase rollout = new PlannerCase(12).step(5);
    rollout.maxFailed = new Share(20, true);
    rollout.settle();
    rollout.fail("n00");
    rollout.seconds(10);
    assertFalse(rollout.settle().phase().isBack());
    rollout.seconds(10);
    rollout.settle();
    assertEquals(12, rollout.on(B), "one of five is twenty percent");
    rollout.fail("n01", "n02");
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase(), "two of twelve were allowed");
  }

  @Test
  void failedRolloutThatOnlyPausesStaysPausedUntilItIsPromoted() {
    PlannerCase rollout = new PlannerCase(6).step(1);
    rollout.onFailure = OnFailure.PAUSE;
    rollout.settle();
    rollout.fail("n00");
    assertEquals("TooManyFailed", rollout.settle().reason());
    rollout.heal("n00");
    rollout.seconds(1_000);
    assertEquals("TooManyFailed", rollout.settle().reason(), "it waits for a person");
    assertEquals(1, rollout.on(B));
    rollout.request = RolloutRequest.promote(B, 1);
    rollout.settle();
    assertEquals(6, rollout.on(B));
  }

  @Test
  void troubleOfTheWholeClusterPausesAndPassesByItself() {
    PlannerCase rollout = new PlannerCase(12).step(3);
    rollout.settle();
    rollout.fail("n00", "n01");
    rollout.fail("n05", "n06", "n07", "n08", "n09");
    RolloutState state = rollout.settle();
    assertEquals("ClusterTrouble", state.reason());
    assertEquals(3, rollout.on(B));
    rollout.nodes.keySet().forEach(n -> rollout.heal(n));
    rollout.settle();
    rollout.seconds(10);
    rollout.settle();
    assertEquals(12, rollout.on(B));
  }

  @Test
  void controlNodesThatAreAboutToFailSpeakForTheRevision() {
    PlannerCase rollout = new PlannerCase(12).step(3);
    rollout.settle();
    rollout.fail("n00", "n01");
    rollout.ail("n05", "n06", "n07", "n08", "n09");
    assertEquals("ClusterTrouble", rollout.settle().reason(), "the outage has just begun");
    rollout.heal("n05", "n06", "n07", "n08", "n09");
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase(), "it was a coincidence");
  }

  @Test
  void retryCountsOnce() {
    PlannerCase rollout = new PlannerCase(6).step(1);
    rollout.settle();
    rollout.fail("n00");
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase());
    rollout.heal("n00");
    rollout.seconds(1_000);
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase());
    rollout.request = RolloutRequest.retry(A);
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase(), "another revision");
    rollout.request = RolloutRequest.retry(B);
    assertEquals(RolloutPhase.SOAKING, rollout.settle().phase());
    assertEquals(1, rollout.on(B));
    rollout.fail("n00");
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase());
    rollout.heal("n00");
    rollout.seconds(1_000);
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase(), "the request was used");
  }

  @Test
  void editInTheMiddleTakesTheCanariesOverAndReturnsTheOthers() {
    PlannerCase rollout = new PlannerCase(9).step(1).step(6);
    rollout.settle();
    rollout.seconds(10);
    rollout.settle();
    assertEquals(6, rollout.on(B));
    rollout.revisions = new Revisions(A, 1, C);
    RolloutState state = rollout.settle();
    assertEquals(C, state.revisions().target());
    assertEquals(1, state.progress().step());
    assertEquals(0, rollout.on(B), "no node keeps the revision of the earlier edit");
    assertEquals(1, rollout.on(C));
    assertEquals(8, rollout.on(A));
    assertEquals(C, rollout.nodes.get("n00").carried(), "a canary stays one");
  }

  @Test
  void earlierTargetThatComesBackStartsAtTheFirstStepWithTheNodesItHas() {
    PlannerCase rollout = new PlannerCase(9).step(1);
    for (int i = 0; i < 4; i++) {
      rollout.carries("n0" + i, B);
    }
    rollout.settle();
    assertEquals(4, rollout.on(B), "more than the step wants, but they have it already");
    assertEquals(1, rollout.written.get().counts().wanted());
    rollout.seconds(10);
    rollout.settle();
    assertEquals(9, rollout.on(B));
  }

  @Test
  void newPolicyRollsBackToNoRevision() {
    PlannerCase rollout = new PlannerCase(0).step(2);
    rollout.revisions = new Revisions("", 0, B);
    for (int i = 0; i < 6; i++) {
      rollout.put(node("n0" + i, "z", "", ""));
    }
    rollout.settle();
    assertEquals(2, rollout.on(B));
    rollout.fail("n00");
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase());
    assertEquals(6, rollout.on(""));
  }

  @Test
  void nodesOfAWiderSelectorGoBackToNoneAndTheOthersToTheStableRevision() {
    PlannerCase rollout = new PlannerCase(3);
    rollout.put(node("n10", "z0", "", ""));
    rollout.put(node("n11", "z0", "", ""));
    rollout.settle();
    assertEquals(5, rollout.on(B));
    rollout.fail("n00");
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.settle().phase());
    assertEquals(3, rollout.on(A));
    assertEquals(2, rollout.on(""));
  }

  @Test
  void stepsThatAnEditRemovesAreSkipped() {
    PlannerCase rollout = new PlannerCase(9).step(1).step(2).step(3);
    rollout.settle();
    rollout.seconds(10);
    rollout.settle();
    rollout.seconds(10);
    rollout.settle();
    assertEquals(3, rollout.written.get().progress().step());
    rollout.steps.clear();
    rollout.step(4);
    RolloutState state = rollout.settle();
    assertEquals(2, state.progress().step());
    assertEquals(2, state.progress().steps());
    assertEquals(9, rollout.on(B));
  }

  @Test
  void frozenNodesStayAndHoldTheLastStep() {
    PlannerCase rollout = new PlannerCase(3);
    rollout.put(PlannerCase.frozen(rollout.nodes.get("n01")));
    RolloutState state = rollout.settle();
    assertEquals(RolloutPhase.PROGRESSING, state.phase());
    assertEquals(2, rollout.on(B));
    assertEquals(A, rollout.nodes.get("n01").carried());
  }

  @Test
  void joinsThatRaiseAPercentageAreRecordedBeforeTheyCount() {
    PlannerCase rollout = new PlannerCase(4);
    rollout.steps.add(new Step(new Share(50, true), Optional.empty()));
    rollout.settle();
    assertEquals(2, rollout.on(B));
    rollout.put(node("n10", "z0", A, A));
    rollout.put(node("n11", "z1", A, A));
    RolloutDecision decision = rollout.decide();
    assertFalse(decision.isAllowedBy(rollout.written), "the record says two");
    assertEquals(3, decision.state().counts().wanted());
  }

  @Test
  void rolloutWithoutNodesIsComplete() {
    PlannerCase rollout = new PlannerCase(0).step(1);
    rollout.settle();
    rollout.seconds(10);
    assertEquals(2, rollout.settle().progress().step());
    rollout.seconds(10);
    assertEquals(RolloutPhase.COMPLETE, rollout.settle().phase());
  }
}
