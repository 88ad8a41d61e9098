// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.cli.simulate.cluster.ClusterStory.Disturbance;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Some of the plans of {@link EmbeddedPlansTest}: each write of the controller is made on a real
 * kube-apiserver, too, which must answer and change the object as the embedded API does.
 */
@RealApi
class RealPlansIT {
  /** Each plan of so many is played, 1 for all of them. */
  private static final int EVERY = Integer.getInteger("nodeqos.test.every", 193);

  private static final Program PROGRAM = Program.read();

  private static ControlPlane plane;
  private static Api api;

  /** Its policies would select the nodes of other tests. */
  @BeforeAll
  static void start(ControlPlane shared) {
    plane = shared.another();
    api = Api.admin(plane);
    RealWrites.prepare(api, PROGRAM.crd());
  }

  @AfterAll
  static void stop() {
    plane.close();
  }

  @ParameterizedTest
  @EnumSource
  void theRealServerDoesTheSame(ClusterScenario scenario, TestReporter reporter) {
    ClusterPlans plans = new ClusterPlans(PROGRAM, scenario);
    ClusterStory undisturbed = story(scenario).play(Disturbance.NONE);
    PlanRun run =
        new PlanRun(() -> story(scenario), undisturbed)
            .play(plans.wrongValues(), 10 * EVERY)
            .play(plans.newLeadersBehind(), EVERY)
            .play(plans.deathsAroundRequests(undisturbed.cluster.requests.all()), EVERY)
            .play(plans.refusals(), EVERY);
    reporter.publishEntry(scenario.toString(), run.plans() + " plans");
    run.assertNoFailure();
  }

  private static ClusterStory story(ClusterScenario scenario) {
    ClusterStory story = ClusterStory.of(PROGRAM, scenario);
    story.cluster.requests.witnessedBy(new RealWrites(api));
    return story;
  }
}
