// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.demo.NodeBoard.Condition;
import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.cli.demo.NodeBoard.Times;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpectationTest {

  private static final String AGENT =
      "The warm-up has 1 blocker: pod kube-system/cilium-fzwr8 is not Ready.";

  private final Expectation expectation = new Expectation(2, Set.of("b"));

  @Test
  void stuckNodeThatReportsOnlyItsAgentIsDone() {
    assertTrue(reports("ReservedPodsNotReady", AGENT));
  }

  @Test
  void stuckNodeThatStillReportsAnotherGateIsNotDone() {
    assertFalse(reports("CSIDriversMissing", AGENT));
    assertFalse(
        reports("ReservedPodsNotReady", "The warm-up has 2 blockers: pod a/b; pod c/d."),
        "its wording changes once more");
  }

  @Test
  void nodeThatIsNotStuckDoesNotCount() {
    assertTrue(expectation.stuckReport(List.of(waiting("a", "CSIDriversMissing", "x"))));
  }

  private boolean reports(String reason, String message) {
    return expectation.stuckReport(List.of(waiting("b", reason, message)));
  }

  private static State waiting(String name, String reason, String message) {
    return new State(name, Phase.WAITING, true, new Condition(reason, message), new Times(0, 0, 0));
  }
}
