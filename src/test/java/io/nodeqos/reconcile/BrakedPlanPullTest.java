// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.PolicyFixture.deleting;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.plan.Plans;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pull slots of braked plans and of deleted nodes. */
class BrakedPlanPullTest {
  private static final String WARM_UP = "{'deletionPolicy': 'Remove', 'warmUp': {'nodeReady': {}}}";
  private static final PolicyObject IMAGES =
      policy("q", "{'images': [{'ref': 'example.com/a:1'}]}");

  private static final MetadataChange NOTE =
      new MetadataChange(
          Map.of(), Set.of(), Map.of(Keys.IMAGES_PRESENT, "seen"), Set.of(), Optional.empty());

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, policy("p", WARM_UP));

  @BeforeEach
  void becomeWarmOncePullSlotsAreCounted() {
    api.put(Plans.warm("n").build());
    leader.policies.apply(IMAGES);
    leader.reconcileFresh("n");
    time.advance("3S");
    leader.reconcileFresh("n");
    assertTrue(node().labels().containsKey(Keys.WARMED_UP));
    assertEquals(0, leader.images.pulling(), "there is no DaemonSet yet");
  }

  @Test
  void brakedPlanUsesItsPullSlot() {
    takeBack();
    spin();
    NodeView before = node();
    leader.reconcileFresh("n");

    assertEquals("q", node().labels().get(Keys.IMAGES));
    assertEquals(1, leader.images.pulling());
    assertTrue(node().labels().containsKey(Keys.WARMED_UP), "held");
    assertEquals(before.annotations().get(Keys.CONFIG), node().annotations().get(Keys.CONFIG));
    assertEquals(before.taints(), node().taints());
    api.calls();
    leader.reconcileFresh("n");
    assertTrue(api.calls().isEmpty(), "a braked plan costs no write");

    time.advance("1M");
    leader.reconcileFresh("n");
    assertFalse(node().labels().containsKey(Keys.WARMED_UP), "not held any more");
    assertEquals("q", node().labels().get(Keys.IMAGES));
  }

  @Test
  void brakedPlanWithoutAPolicyRemovesOnlyTheImageLabel() {
    spin();
    leader.reconcileFresh("n");
    assertEquals(1, leader.images.pulling());
    api.change("n", n -> Plans.applied(n, NOTE));
    takeBack();
    leader.policies.remove("q");
    NodeView before = node();
    leader.reconcileFresh("n");
    leader.reconcileFresh("n");

    assertFalse(node().labels().containsKey(Keys.IMAGES));
    assertEquals(0, leader.images.pulling());
    assertTrue(node().labels().containsKey(Keys.WARMED_UP), "held");
    assertEquals("seen", node().annotations().get(Keys.IMAGES_PRESENT), "goes with the rest");
    assertEquals(before.annotations().get(Keys.CONFIG), node().annotations().get(Keys.CONFIG));
  }

  @Test
  void nodeDeletedDuringItsDecisionFreesItsSlot() {
    spin();
    leader.catchUp();
    leader.cluster.onReserved(() -> leader.cluster.hide("n"));
    leader.reconcile("n");
    assertEquals(1, leader.images.pulling());

    leader.reconcile("n");

    assertEquals(0, leader.images.pulling());
  }

  private void takeBack() {
    leader.policies.apply(deleting(policy("p", WARM_UP), Keys.FINALIZER));
  }

  private void spin() {
    String version =
        leader.policies.snapshot().compile(node()).sections().images().orElseThrow().pullVersion();
    leader.spinners.show(
        new SpinnerDaemonSet("nodeqos-spinner-q", "uid", "q", version, "h", true, false));
  }

  private NodeView node() {
    return api.node("n");
  }
}
