// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.policy.spec.PolicySpec.Images;
import io.nodeqos.reconcile.FakeCluster;
import io.nodeqos.reconcile.FakeSpinners;
import io.nodeqos.reconcile.ToggledFence;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which DaemonSet pulls the images of a node while a rollout changes them. */
class RolloutImagesTest {
  private static final String USUAL = "nodeqos-spinner-p";
  private static final String BEFORE = spec("a");
  private static final String AFTER = spec("b");

  private final FakeTime time = new FakeTime();
  private final FakeCluster cluster = new FakeCluster();
  private final FakeSpinners spinners = new FakeSpinners();
  private final ToggledFence fence = new ToggledFence();
  private final PolicyRevision stable = PolicyFixture.revision("p", 1, BEFORE);
  private final PolicyRevision target = PolicyFixture.revision("p", 2, AFTER);
  private final PolicyCatalog policies = PolicyFixture.catalog();
  private final Images before = images(BEFORE);
  private final Images after = images(AFTER);
  private final String second = "p." + after.pullSource();
  private PullSlots slots = slots(10);

  private PullSlots slots(int most) {
    return new PullSlots(settings(most), cluster, fence, node -> {});
  }

  private static SpinnerSettings settings(int most) {
    SpinnerSettings d = SpinnerSettings.DEFAULTS;
    return new SpinnerSettings(
        true, d.namePrefix(), d.pauseImage(), "", d.resources(), most, Duration.ofMinutes(10));
  }

  private static String spec(String image) {
    return "{'images': [{'ref': 'example.com/"
        + image
        + ":1'}], 'warmUp': {'images': {}, 'mode': 'Continuous'}}";
  }

  private static Images images(String spec) {
    return PolicyFixture.catalog(policy("p", spec))
        .snapshot()
        .inForce()
        .get(0)
        .spec()
        .sections()
        .images()
        .orElseThrow();
  }

  @BeforeEach
  void rolloutIsUnderWay() {
    policies.apply(stable);
    policies.apply(target);
    rollout("Progressing", stable);
    daemonSet("p", before);
    daemonSet(second, after);
    cluster.show(NodeFixture.node("n0").taint(Keys.STARTUP_TAINT).build());
    cluster.show(NodeFixture.node("n1").taint(Keys.STARTUP_TAINT).build());
    policies.moves().move("p", "n1", target.revision());
    fence.open();
    decide("n0");
    decide("n1");
    time.advance("3S");
  }

  private void rollout(String phase, PolicyRevision completed) {
    policies.apply(
        PolicyFixture.withStatus(
            policy("p", 2, PolicyFixture.CREATED, "{'rollout': {}, " + AFTER.substring(1)),
            json(
                "{'rollout': {'stable': '"
                    + completed.revision()
                    + "', 'stableGeneration': "
                    + completed.generation()
                    + ", 'target': '"
                    + target.revision()
                    + "', 'phase': '"
                    + phase
                    + "'}}")));
  }

  private void daemonSet(String key, Images images) {
    spinners.show(
        new SpinnerDaemonSet(
            "nodeqos-spinner-" + key, "uid", "p", images.pullVersion(), "h", true, false));
  }

  /** Decides, writes, and the cache sees it. */
  private NodePlan decide(String name) {
    NodeView node = cluster.node(name).orElseThrow();
    PolicySnapshot inForce = policies.snapshot();
    CompiledConfig config = inForce.compile(node);
    Instant now = time.instant();
    Observation seen =
        new Observation(
            node,
            cluster.reserved(name),
            NodeMemory.NONE,
            inForce,
            config,
            new ImagePullers(settings(10), spinners).of(inForce, config),
            now,
            Duration.ZERO);
    NodePlan plan = slots.admit(node, config, Plans.planner().decide(seen), now);
    cluster.show(Plans.applied(node, plan));
    return plan;
  }

  private String label(String node) {
    return cluster.node(node).orElseThrow().labels().get(Keys.IMAGES);
  }

  @Test
  void eachNodePullsWithTheDaemonSetOfItsRevision() {
    decide("n0");
    decide("n1");
    assertEquals("p", label("n0"));
    assertEquals(second, label("n1"));
  }

  @Test
  void slotsCountTheNodesOfBoth() {
    slots = slots(1);
    decide("n0");
    time.advance("3S");
    decide("n0");
    decide("n1");
    assertEquals("p", label("n0"));
    assertNull(label("n1"));
    assertEquals(1, slots.pulling());
    assertEquals(1, slots.waiting());
  }

  @Test
  void nodeThatGoesBackPullsTheImagesOfTheStableRevision() {
    decide("n1");
    policies.moves().move("p", "n1", stable.revision());
    decide("n1");
    assertEquals("p", label("n1"));
  }

  @Test
  void nodeWaitsWhileTheDaemonSetOfItsRevisionIsNotThere() {
    spinners.delete(USUAL, "");
    spinners.shows(true);
    daemonSet("p", before);
    decide("n0");
    decide("n1");
    assertEquals("p", label("n0"));
    assertNull(label("n1"), "the other DaemonSet pulls other images");
  }

  @Test
  void labelOfADaemonSetThatIsGoneIsRemoved() {
    decide("n1");
    spinners.shows(true);
    daemonSet("p", before);
    decide("n1");
    assertNull(label("n1"), "it would hold a slot for ever");
  }

  @Test
  void afterTheRolloutTheUsualDaemonSetPullsAgain() {
    decide("n1");
    rollout("Complete", target);
    daemonSet("p", after);
    decide("n0");
    decide("n1");
    assertEquals("p", label("n0"));
    assertEquals("p", label("n1"));
  }

  @Test
  void warmNodeOnTheStableRevisionIsLeftAlone() {
    NodeView node =
        Plans.warm("warm")
            .annotation(Keys.IMAGES_PRESENT, before.pullVersion() + "/uid-1/boot-1")
            .build();
    cluster.show(node);
    decide("warm");
    rollout("Soaking", stable);
    NodePlan plan = decide("warm");
    assertFalse(plan.takesMark());
    assertTrue(plan.isConverged(), () -> "" + plan);
    assertNull(label("warm"), "it pulls nothing");
  }
}
