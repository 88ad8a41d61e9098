// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static io.nodeqos.reconcile.rollout.PlannerCase.A;
import static io.nodeqos.reconcile.rollout.PlannerCase.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.Share;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the record of a rollout counts. */
class RolloutCountsTest {
  private final PlannerCase rollout = new PlannerCase(9).step(6);

  @Test
  void eachNodeCountsByItsRevisionAndItsHealth() {
    rollout.maxFailed = new Share(9, false);
    rollout.carries("n00", B);
    rollout.carries("n01", B);
    rollout.carries("n02", B);
    rollout.carries("n03", B);
    rollout.put(PlannerCase.moving(rollout.nodes.get("n04"), B));
    rollout.ail("n03");
    rollout.fail("n02");
    rollout.seconds(1);
    rollout.fail("n01", "n05");
    RolloutState state = rollout.decide().state();
    assertEquals(new Counts(9, 6, 4, 1, 2, 1), state.counts());
    assertEquals(List.of("n02", "n01"), state.failed().stream().map(Failure::node).toList());
  }

  @Test
  void failuresOfTheSameTimeAreNamedByNode() {
    rollout.maxFailed = new Share(9, false);
    for (String node : List.of("n02", "n00", "n01")) {
      rollout.carries(node, B);
      rollout.fail(node);
    }
    assertEquals(
        List.of("n00", "n01", "n02"),
        rollout.decide().state().failed().stream().map(Failure::node).toList());
  }

  @Test
  void recordNamesTenFailedNodes() {
    PlannerCase large = new PlannerCase(12).step(12);
    large.maxFailed = new Share(12, false);
    IntStream.range(0, 12).mapToObj("n%02d"::formatted).forEach(n -> large.carries(n, B));
    large.fail(large.nodes.keySet().toArray(String[]::new));
    RolloutState state = large.decide().state();
    assertEquals(12, state.counts().failed());
    assertEquals(10, state.failed().size());
  }

  @Test
  void countsOfTheDecisionStayOnTheWayBack() {
    rollout.settle();
    rollout.fail("n00", "n01");
    RolloutState decided = rollout.decide().state();
    assertEquals(RolloutPhase.ROLLING_BACK, decided.phase());
    rollout.written = Optional.of(decided);
    rollout.carries("n00", A);
    rollout.heal("n00", "n01");
    rollout.fail("n08");
    RolloutState later = rollout.decide().state();
    assertEquals(decided.counts().failed(), later.counts().failed());
    assertEquals(decided.counts().controlFailed(), later.counts().controlFailed());
    assertEquals(decided.failed(), later.failed());
    assertEquals(decided.counts().updated() - 1, later.counts().updated());
  }

  @Test
  void completeRolloutOfTheSameRevisionsStartsAgain() {
    rollout.settle();
    rollout.seconds(10);
    rollout.settle();
    rollout.seconds(10);
    RolloutState complete = rollout.settle();
    assertEquals(RolloutPhase.COMPLETE, complete.phase());
    rollout.written =
        Optional.of(
            new RolloutState(
                RolloutPhase.COMPLETE,
                rollout.revisions,
                complete.progress(),
                complete.counts(),
                List.of(),
                complete.reason(),
                complete.message(),
                ""));
    rollout.seconds(5);
    RolloutState again = rollout.decide().state();
    assertEquals(1, again.progress().step());
    assertEquals(rollout.now, again.progress().startedAt());
  }
}
