// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.SpinnerFixture;
import io.nodeqos.node.ImagePulls;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A warm node that cannot pull an image of its policy is reported in the policy. */
class PullFailureTest {
  private static final String SPEC =
      "{'images': [{'ref': 'registry.example.com/a:1'}], 'warmUp': {'nodeReady': {}}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, policy("p", SPEC));

  @BeforeEach
  void aNodeIsWarm() {
    api.put(Plans.warm("n").build());
    leader.reconcileFresh("n");
    assertTrue(leader.fleet.state("n").isIn(NodePhase.WARM));
  }

  @Test
  void failureOfAWarmNodeIsCountedWithItsPodAndShortenedMessage() {
    pods(waiting("x7k2q", "ErrImagePull", "no such image"));
    assertEquals(
        Optional.of(
            new PullFailure("p", version(), "ns/spinner-x7k2q", "ErrImagePull: no such image")),
        failure());
    assertEquals(1, counted());
    leader.policiesTold.clear();
    pods(waiting("x7k2q", "ImagePullBackOff", "Back-off pulling image"));
    assertEquals("ErrImagePull: no such image", failure().orElseThrow().words());
    assertEquals(List.of(), leader.policiesTold, "no news");
  }

  @Test
  void failureLastsWhilePodsAreReplaced() {
    pods(waiting("x7k2q", "ErrImagePull", "no such image"));
    pods(waiting("x7k2q", "ContainerCreating", ""));
    assertEquals(1, counted());
    pods();
    assertEquals(1, counted());
    pods(waiting("b2222", "ErrImagePull", "no such image"));
    assertEquals("ns/spinner-b2222", failure().orElseThrow().pod());
  }

  @Test
  void failureEndsWhenTheImagesArePresentOrChanged() {
    pods(waiting("x7k2q", "ErrImagePull", "no such image"));
    leader.policiesTold.clear();
    pods(SpinnerFixture.pod("p", version(), true, "registry.example.com/a:1"));
    assertEquals(Optional.empty(), failure());
    assertTrue(leader.policiesTold.contains("p"), "its status says otherwise");

    pods(waiting("x7k2q", "ErrImagePull", "no such image"));
    leader.policies.apply(policy("p", 2, PolicyFixture.CREATED, SPEC.replace("a:1", "a:2")));
    leader.reconcileFresh("n");
    assertEquals(Optional.empty(), failure(), "the pod is about the images before");
  }

  @Test
  void podWaitingForAnotherReasonIsNoFailure() {
    pods(waiting("x7k2q", "ContainerCreating", ""));
    assertEquals(Optional.empty(), failure());
  }

  private void pods(SpinnerPod... pods) {
    ReservedState nothing = leader.cluster.reserved("n");
    leader.cluster.reserve("n", nothing.withPulls(new ImagePulls(List.of(pods), Optional.empty())));
    leader.reconcileFresh("n");
  }

  private SpinnerPod waiting(String suffix, String reason, String message) {
    return new SpinnerPod(
        new SpinnerPod.Meta("ns", "spinner-" + suffix, "uid-" + suffix, Instant.EPOCH),
        "n",
        "p",
        version(),
        Set.of("registry.example.com/a:1"),
        new PodView.State("Pending", false, Instant.EPOCH, Instant.EPOCH, false),
        new SpinnerPod.Waiting(reason, message));
  }

  private String version() {
    return PolicyFixture.catalog(policy("p", SPEC))
        .snapshot()
        .inForce()
        .get(0)
        .spec()
        .sections()
        .images()
        .orElseThrow()
        .pullVersion();
  }

  private Optional<PullFailure> failure() {
    return leader.fleet.state("n").notes().pullFailure();
  }

  private int counted() {
    return leader.census().of(leader.policies.entry("p").orElseThrow()).pulls().nodes();
  }
}
