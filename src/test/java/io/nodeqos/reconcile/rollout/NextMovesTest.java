// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static io.nodeqos.reconcile.rollout.PlannerCase.A;
import static io.nodeqos.reconcile.rollout.PlannerCase.B;
import static io.nodeqos.reconcile.rollout.PlannerCase.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A is stable, B the target, C the revision of an earlier edit. */
class NextMovesTest {
  private final PlannerCase rollout = new PlannerCase(6);

  @Test
  void nodesOfAnEarlierEditComeFirst() {
    rollout.carries("n05", C);
    assertForward(1, "n05=" + B);
    assertForward(3, "n05=" + B, "n00=" + B, "n01=" + B);
    rollout.maxConcurrent = 2;
    assertForward(3, "n05=" + B, "n00=" + B);
  }

  @Test
  void nodesOfAnEarlierEditGoBackOnceTheStepIsFull() {
    rollout.carries("n03", C);
    rollout.carries("n04", C);
    assertForward(1, "n03=" + B, "n04=" + A);
    rollout.maxConcurrent = 1;
    assertForward(3, "n03=" + B);
  }

  @Test
  void noMoreNodesGoBackAtATimeThanMayMove() {
    rollout.carries("n00", B);
    rollout.carries("n03", C);
    rollout.carries("n04", C);
    rollout.carries("n05", C);
    rollout.maxConcurrent = 2;
    assertForward(1, "n03=" + A, "n04=" + A);
    move("n05", A);
    assertForward(1, "n03=" + A);
    move("n04", A);
    assertForward(1);
    move("n03", A);
    assertForward(1);
  }

  @Test
  void nodesThatArriveTakeTheRoomOfOthers() {
    rollout.maxConcurrent = 2;
    move("n00", B);
    assertForward(6, "n01=" + B);
    move("n01", B);
    assertForward(6);
    move("n02", B);
    assertForward(6);
    rollout.carries("n02", B);
    rollout.carries("n01", B);
    assertForward(6, "n03=" + B);
    rollout.fail("n01");
    assertForward(6, "n03=" + B);
  }

  @Test
  void nodeThatCannotBeMovedIsLeftOut() {
    rollout.carries("n00", C);
    rollout.put(PlannerCase.frozen(rollout.nodes.get("n00")));
    rollout.put(PlannerCase.frozen(rollout.nodes.get("n01")));
    assertForward(1, "n03=" + B);
  }

  @Test
  void movesThatWaitAreTakenBackFromTheLastNode() {
    rollout.carries("n00", B);
    move("n01", B);
    move("n02", B);
    rollout.carries("n04", C);
    assertForward(2, "n02=" + A, "n04=" + A);
    assertForward(1, "n02=" + A, "n01=" + A, "n04=" + A);
    assertForward(0, "n02=" + A, "n01=" + A, "n04=" + A);
  }

  @Test
  void newestNodeOnTheTargetGoesBackFirst() {
    rollout.carries("n00", B);
    rollout.seconds(1);
    rollout.carries("n01", B);
    rollout.carries("n02", B);
    assertBack("n02=" + A, "n01=" + A, "n00=" + A);
    rollout.maxConcurrent = 2;
    assertBack("n02=" + A, "n01=" + A);
    move("n02", A);
    assertBack("n01=" + A);
    move("n01", A);
    assertBack();
    assertFalse(new NextMoves(rollout.input()).isBack());
  }

  @Test
  void rolloutIsBackWithoutTheNodesThatCannotBeMoved() {
    rollout.carries("n00", B);
    assertFalse(new NextMoves(rollout.input()).isBack());
    rollout.put(PlannerCase.frozen(rollout.nodes.get("n00")));
    assertTrue(new NextMoves(rollout.input()).isBack());
    assertBack();
  }

  private void move(String node, String to) {
    rollout.put(PlannerCase.moving(rollout.nodes.get(node), to));
  }

  private void assertForward(int wanted, String... moves) {
    assertMoves(new NextMoves(rollout.input()).forward(wanted), moves);
  }

  private void assertBack(String... moves) {
    assertMoves(new NextMoves(rollout.input()).back(), moves);
  }

  private static void assertMoves(Map<String, String> moves, String... expected) {
    assertEquals("{" + String.join(", ", expected) + "}", moves.toString());
  }
}
