// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.cli.simulate.cluster.ClusterPlans.Plan;
import io.nodeqos.cli.simulate.cluster.ClusterStory.Disturbance;
import java.util.List;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each scenario is played on the embedded API in virtual time, by all codecs and writers of the
 * controller, and disturbed by every plan of a kind. {@link ClusterRules} judges each write; the
 * end is that of the undisturbed story, and nothing is written in quiet.
 */
class EmbeddedPlansTest {
  /** Each plan of so many is played, 1 for all of them. */
  private static final int EVERY = Integer.getInteger("nodeqos.test.every", 7);

  /** There are thousands of them. Odd, as many are tried in pairs. */
  private static final int EVERY_WRONG_VALUE = EVERY == 1 ? 1 : 20 * EVERY + 1;

  private static final Program PROGRAM = Program.read();

  @ParameterizedTest
  @EnumSource
  void everyValueOfOursIsReplaced(ClusterScenario scenario, TestReporter reporter) {
    play(scenario, plans(scenario).wrongValues(), EVERY_WRONG_VALUE, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void aNewLeaderIsBehindInOneResource(ClusterScenario scenario, TestReporter reporter) {
    play(scenario, plans(scenario).newLeadersBehind(), EVERY, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void theLeaderDiesAroundEveryRequest(ClusterScenario scenario, TestReporter reporter) {
    int requests = undisturbed(scenario).cluster.requests.all();
    play(scenario, plans(scenario).deathsAroundRequests(requests), EVERY, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void requestsAreRefusedForAWhile(ClusterScenario scenario, TestReporter reporter) {
    play(scenario, plans(scenario).refusals(), EVERY, reporter);
  }

  private static ClusterPlans plans(ClusterScenario scenario) {
    return new ClusterPlans(PROGRAM, scenario);
  }

  private static ClusterStory undisturbed(ClusterScenario scenario) {
    return ClusterStory.of(PROGRAM, scenario).play(Disturbance.NONE);
  }

  private static void play(
      ClusterScenario scenario, List<Plan> plans, int every, TestReporter reporter) {
    PlanRun run =
        new PlanRun(() -> ClusterStory.of(PROGRAM, scenario), undisturbed(scenario))
            .play(plans, every);
    reporter.publishEntry(scenario.toString(), run.plans() + " plans");
    run.assertNoFailure();
  }
}
