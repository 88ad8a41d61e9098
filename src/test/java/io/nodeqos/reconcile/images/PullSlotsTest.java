// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.fixture.SpinnerFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.reconcile.FakeCluster;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.FakeSpinners;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.ToggledFence;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullSlotsTest {
  private static final String SPEC =
      "{'images': [{'ref': 'example.com/a:1'}], 'warmUp': {'images': {}}}";
  private static final int MAX_PULLS = 3;

  private final FakeTime time = new FakeTime();
  private final FakeCluster cluster = new FakeCluster();
  private final FakeSpinners spinners = new FakeSpinners();
  private final ToggledFence fence = new ToggledFence();
  private final Deque<String> woken = new ArrayDeque<>();
  private final NodePlanner planner = Plans.planner();
  private final PolicyCatalog policies = PolicyFixture.catalog(policy("p", SPEC));
  private final String version =
      policies.snapshot().inForce().get(0).spec().sections().images().get().pullVersion();

  private final SpinnerSettings settings = settings();
  private PullSlots slots = slots();

  private static SpinnerSettings settings() {
    SpinnerSettings d = SpinnerSettings.DEFAULTS;
    return new SpinnerSettings(
        true, d.namePrefix(), d.pauseImage(), "", d.resources(), MAX_PULLS, Duration.ofMinutes(10));
  }

  private PullSlots slots() {
    return new PullSlots(settings, cluster, fence, woken::add);
  }

  private void join(int nodes) {
    for (int i = 0; i < nodes; i++) {
      cluster.show(NodeFixture.node("n" + i).taint(Keys.STARTUP_TAINT).build());
    }
  }

  private void lead() {
    fence.open();
    spinners.show(new SpinnerDaemonSet("nodeqos-spinner-p", "uid", "p", version, "h", true, false));
    settle();
  }

  /** The begin of a term is over. */
  private void settle() {
    decideAll();
    time.advance("3S");
  }

  private NodePlan plan(String name) {
    NodeView node = cluster.node(name).get();
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
            new ImagePullers(settings, spinners).of(inForce, config),
            now,
            Duration.ZERO);
    return slots.admit(node, config, planner.decide(seen), now);
  }

  /** Decides, writes, and the cache sees it. */
  private NodePlan decide(String name) {
    NodePlan plan = plan(name);
    if (fence.isOpen()) {
      cluster.show(Plans.applied(cluster.node(name).get(), plan));
    }
    return plan;
  }

  private void decideAll() {
    cluster.nodeNames().forEach(this::decide);
    decideWoken();
  }

  private void decideWoken() {
    while (!woken.isEmpty()) {
      decide(woken.poll());
    }
  }

  private List<String> labelled() {
    return cluster.nodeNames().stream()
        .filter(n -> cluster.node(n).get().labels().containsKey(Keys.IMAGES))
        .sorted()
        .toList();
  }

  private String label(String node) {
    return cluster.node(node).get().labels().getOrDefault(Keys.IMAGES, "");
  }

  private void seePod(String node, SpinnerPod pod) {
    cluster.reserve(node, SpinnerFixture.with(pod));
  }

  @Test
  void labelsStayWithinTheLimitAndEveryNodeGetsOne() {
    join(10);
    lead();
    decideAll();
    assertEquals(MAX_PULLS, labelled().size());
    assertEquals(MAX_PULLS, slots.pulling());
    assertEquals(7, slots.waiting());

    for (int round = 0; round < 10 && !labelled().isEmpty(); round++) {
      String next = labelled().get(0);
      seePod(next, SpinnerFixture.pod("p", version, true, "example.com/a:1"));
      NodePlan plan = decide(next);
      assertTrue(plan.metadata().removeLabels().contains(Keys.IMAGES));
      assertEquals("true", plan.metadata().setLabels().get(Keys.WARMED_UP), "in the same patch");
      assertEquals(
          List.of(), List.copyOf(woken), "the slot is free once the label is seen to be off");
      seePod(next, SpinnerFixture.pod("other", "", false));
      decide(next);
      decideWoken();
      assertTrue(labelled().size() <= MAX_PULLS);
    }

    assertEquals(List.of(), labelled());
    cluster.nodeNames().forEach(n -> assertTrue(plan(n).isConverged(), n));
    assertEquals(0, slots.pulling() + slots.waiting());
  }

  @Test
  void labelIsWrittenWithTheConfiguration() {
    lead();
    time.advance("3S");
    join(1);
    decide("n0");
    time.advance("3S");
    cluster.show(NodeFixture.node("n1").build());

    NodePlan plan = decide("n1");

    assertTrue(plan.metadata().setLabels().containsKey(Keys.CONFIG_VERSION));
    assertEquals("p", plan.metadata().setLabels().get(Keys.IMAGES));
  }

  @Test
  void seenImagesAreRecordedWithTheRemovalAndCountWithoutThePod() {
    join(1);
    lead();
    decideAll();
    assertEquals("p", label("n0"));
    seePod("n0", SpinnerFixture.pod("p", version, true, "example.com/a:1"));
    decide("n0");
    cluster.reserve("n0", ReservedFixture.nothing());

    assertEquals(
        version + "/uid-1/boot-1", cluster.node("n0").get().annotations().get(Keys.IMAGES_PRESENT));
    assertTrue(plan("n0").isConverged());

    cluster.show(Plans.rebooted(cluster.node("n0").get(), "boot-2", time.instant()));
    decide("n0");
    assertEquals("p", label("n0"), "the disk may be another one");
  }

  @Test
  void recordOfImagesCostsNoWriteOfItsOwn() {
    NodeView node = NodeFixture.node("n0").image("example.com/a:1").build();
    cluster.show(node);
    lead();

    cluster.show(node);
    NodePlan plan = decide("n0");
    assertTrue(plan.metadata().setAnnotations().containsKey(Keys.IMAGES_PRESENT), "rides along");
    assertTrue(plan("n0").isConverged());

    NodeView without =
        Plans.applied(
            cluster.node("n0").get(),
            new MetadataChange(
                Map.of(), Set.of(), Map.of(), Set.of(Keys.IMAGES_PRESENT), Optional.empty()));
    cluster.show(without);
    assertTrue(plan("n0").isConverged());
  }

  @Test
  void nodesGetTheLabelOnceTheDaemonSetPullsTheseImages() {
    join(1);
    fence.open();
    settle();
    decideAll();
    assertEquals("", label("n0"));

    spinners.show(new SpinnerDaemonSet("nodeqos-spinner-p", "uid", "p", "older", "h", true, false));
    decideAll();
    assertEquals("", label("n0"));

    spinners.show(new SpinnerDaemonSet("nodeqos-spinner-p", "uid", "p", version, "h", true, false));
    decideAll();
    assertEquals("p", label("n0"));
  }

  @Test
  void unreadyNodeNeitherHoldsNorAwaitsASlot() {
    cluster.show(NodeFixture.node("n0").condition("Ready", "False").build());
    lead();
    decideAll();

    assertEquals("", label("n0"));
    assertEquals(0, slots.pulling() + slots.waiting());
  }

  @Test
  void stuckNodeYieldsItsSlotOnlyToAWaitingNode() {
    join(MAX_PULLS + 1);
    lead();
    decideAll();
    List<String> first = labelled();
    String late = cluster.nodeNames().stream().filter(n -> !first.contains(n)).findFirst().get();
    time.advance("11M");
    decideAll();
    decideAll();

    assertTrue(labelled().size() <= MAX_PULLS);
    assertEquals("p", label(late));

    join(1);
    labelled()
        .forEach(n -> assertTrue(plan(n).checkAgainAt().isPresent(), "it looks again in time"));
  }

  @Test
  void newLeaderCountsExistingLabelsBeforeItAddsAny() {
    join(10);
    lead();
    decideAll();
    List<String> before = labelled();

    fence.close();
    slots = slots();
    decideAll();
    fence.open();
    decideAll();
    assertEquals(before, labelled(), "in the first moments nothing changes");
    time.advance("3S");
    decideAll();
    assertEquals(before, labelled());
    assertEquals(7, slots.waiting());

    seePod(before.get(0), SpinnerFixture.pod("p", version, true, "example.com/a:1"));
    decide(before.get(0));
    decide(before.get(0));
    decideWoken();
    assertEquals(MAX_PULLS, labelled().size());
  }

  @Test
  void standbyPlansTheLabelForEveryNodeAndWritesNone() {
    join(5);
    lead();
    fence.close();

    assertTrue(
        IntStream.range(0, 5)
            .allMatch(i -> plan("n" + i).metadata().setLabels().containsKey(Keys.IMAGES)));
    assertEquals(0, slots.pulling());
  }

  @Test
  void deletionWithKeepRemovesTheLabelAndKeepsTheRecord() {
    join(1);
    lead();
    decideAll();
    policies.remove("p");
    decideAll();
    decideAll();

    assertEquals("", label("n0"));
    assertEquals(0, slots.pulling());
  }

  @Test
  void labelPassesToTheNextPolicyInOneChange() {
    join(1);
    lead();
    policies.apply(
        PolicyFixture.deleting(policy("gone", "{'deletionPolicy': 'Remove'}"), Keys.FINALIZER));
    cluster.show(
        NodeFixture.node("n0").taint(Keys.STARTUP_TAINT).label(Keys.IMAGES, "gone").build());

    MetadataChange change = plan("n0").metadata();

    assertEquals("p", change.setLabels().get(Keys.IMAGES));
    assertFalse(change.removeLabels().contains(Keys.IMAGES), "a patch names a label once");
  }

  @Test
  void labelAndRecordAreRemovedWithTheSection() {
    join(1);
    lead();
    decideAll();
    seePod("n0", SpinnerFixture.pod("p", version, true, "example.com/a:1"));
    decideAll();
    policies.apply(policy("p", 2, PolicyFixture.CREATED, "{'reservation': {'cpu': '100m'}}"));

    decideAll();

    assertFalse(cluster.node("n0").get().annotations().containsKey(Keys.IMAGES_PRESENT));
  }

  @Test
  void suspendedPolicyKeepsTheLabel() {
    join(1);
    lead();
    decideAll();
    policies.apply(
        policy(
            "p",
            2,
            PolicyFixture.CREATED,
            "{'suspend': true, 'images': [{'ref': 'example.com/b:1'}]}"));
    decideAll();

    assertEquals("p", label("n0"));
    assertEquals(0, slots.pulling(), "no node waits for it");
  }

  @Test
  void frozenNodesWithTheLabelHoldNoSlotsInAnyTerm() {
    join(MAX_PULLS);
    lead();
    decideAll();
    freeze();
    decideAll();
    assertEquals(List.of("n0", "n1", "n2"), labelled());
    assertEquals(0, slots.pulling());

    fence.close();
    fence.open();
    settle();
    cluster.show(NodeFixture.node("late").taint(Keys.STARTUP_TAINT).build());
    decide("late");

    assertEquals("p", label("late"));
    assertEquals(1, slots.pulling());
  }

  @Test
  void nodeFrozenDuringATermFreesItsSlot() {
    join(MAX_PULLS);
    lead();
    decideAll();
    freeze();
    cluster.show(NodeFixture.node("late").taint(Keys.STARTUP_TAINT).build());
    decide("late");
    assertEquals("", label("late"));

    decide("n1");
    decideWoken();

    assertEquals("p", label("late"));
    assertEquals(MAX_PULLS, slots.pulling());
  }

  @Test
  void unfrozenNodeHoldsASlotAgain() {
    join(MAX_PULLS);
    lead();
    decideAll();
    List<NodeView> before =
        cluster.nodeNames().stream().map(name -> cluster.node(name).get()).toList();
    freeze();
    decideAll();
    before.forEach(cluster::show);
    decideAll();

    assertEquals(MAX_PULLS, slots.pulling());
  }

  /** All nodes, with the labels that they have, are being deleted and wait for a finalizer. */
  private void freeze() {
    cluster
        .nodeNames()
        .forEach(
            name ->
                cluster.show(
                    NodeFixture.node(name)
                        .label(Keys.IMAGES, cluster.node(name).get().labels().get(Keys.IMAGES))
                        .deleting()
                        .build()));
  }

  @Test
  void holderWithoutTheLabelYieldsAtOnceWhenItExpires() {
    join(MAX_PULLS + 1);
    lead();
    IntStream.range(0, MAX_PULLS).forEach(i -> plan("n" + i));
    decide("n3");
    assertEquals("", label("n3"), "the others have a slot, though no write succeeded");

    time.advance("11M");
    woken.clear();
    plan("n0");

    assertEquals(List.of("n3"), List.copyOf(woken));
    decideWoken();
    assertEquals("p", label("n3"));
    assertEquals(MAX_PULLS, slots.pulling());
  }

  @Test
  void nodesPullingDuringAFailoverYieldWhenTheyExpire() {
    join(MAX_PULLS);
    lead();
    decideAll();
    cluster.show(NodeFixture.node("late").taint(Keys.STARTUP_TAINT).build());
    decide("late");
    woken.clear();

    slots = slots();
    fence.open();
    decide("late");
    time.advance("3S");
    decide("late");
    Map<String, Instant> due = new HashMap<>();
    while (!woken.isEmpty()) {
      String node = woken.poll();
      decide(node).checkAgainAt().ifPresent(at -> due.put(node, at));
    }
    Instant end = time.instant().plus(Duration.ofMinutes(10));
    assertEquals(Map.of("n0", end, "n1", end, "n2", end), due);
    time.advance("10M");
    decide("n0");
    decide("n0");
    decideWoken();
    assertEquals("p", label("late"));
    assertTrue(labelled().size() <= MAX_PULLS);
  }

  /** At whichever question the fence opens while a node is decided. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void takeoverDuringADecisionKeepsTheLimit(int questions) {
    FakeNodeWriter api = new FakeNodeWriter();
    TestProcess process = new TestProcess(api, time, policy("p", SPEC));
    process.spinners.show(
        new SpinnerDaemonSet("nodeqos-spinner-p", "uid", "p", version, "h", true, false));
    for (int i = 0; i < SpinnerSettings.DEFAULTS.maxConcurrentPulls(); i++) {
      api.put(NodeFixture.node("n" + i).taint(Keys.STARTUP_TAINT).label(Keys.IMAGES, "p").build());
    }
    api.put(NodeFixture.node("late").taint(Keys.STARTUP_TAINT).build());
    process.fence.opensAfter(questions);
    for (int i = 0; i < 20; i++) {
      process.reconcileFresh("late");
      assertFalse(api.node("late").labels().containsKey(Keys.IMAGES), "ten others pull");
    }
    assertTrue(process.fence.isOpen());
    time.advance("3S");
    process.reconcileFresh("late");
    assertFalse(api.node("late").labels().containsKey(Keys.IMAGES), "ten others pull");
  }

  /** Its deletion and the new node are seen at once: the slot is not the new node's. */
  @Test
  void nodeCreatedAgainUnderItsNameQueuesAgain() {
    FakeNodeWriter api = new FakeNodeWriter();
    TestProcess process = TestProcess.leader(api, time, policy("p", SPEC));
    process.spinners.show(
        new SpinnerDaemonSet("nodeqos-spinner-p", "uid", "p", version, "h", true, false));
    int most = SpinnerSettings.DEFAULTS.maxConcurrentPulls();
    for (int i = 0; i < most; i++) {
      api.put(NodeFixture.node("n" + i).taint(Keys.STARTUP_TAINT).label(Keys.IMAGES, "p").build());
    }
    api.put(NodeFixture.node("late").taint(Keys.STARTUP_TAINT).build());
    process.reconcileFresh("late");
    time.advance("3S");
    process.reconcileFresh("late");
    api.nodes().forEach(node -> process.reconcileFresh(node.name()));
    process.nodesToPull.clear();

    api.delete("n0");
    api.put(NodeFixture.node("n0").uid("uid-2").taint(Keys.STARTUP_TAINT).build());
    process.reconcileFresh("n0");

    assertEquals(List.of("late"), process.nodesToPull);
    assertFalse(api.node("n0").labels().containsKey(Keys.IMAGES));
  }

  @Test
  void windowsNodesGetNoLabelAndLoseAnExistingOne() {
    join(1);
    cluster.show(
        NodeFixture.node("new")
            .taint(Keys.STARTUP_TAINT)
            .label("kubernetes.io/os", "windows")
            .build());
    cluster.show(
        NodeFixture.node("old")
            .taint(Keys.STARTUP_TAINT)
            .label("kubernetes.io/os", "windows")
            .label(Keys.IMAGES, "p")
            .build());
    lead();
    decideAll();
    assertEquals(List.of("n0"), labelled());
    assertEquals(1, slots.pulling());
    assertEquals("ImageWarmUpUnsupported", plan("new").summary().reason());
  }

  @Test
  void missingImageVolumesRemoveTheLabelAndSetTheReason() {
    join(1);
    lead();
    decideAll();
    spinners.show(
        new SpinnerDaemonSet("nodeqos-spinner-p", "uid", "p", version, "h", false, false));

    NodePlan plan = decide("n0");

    assertEquals("", label("n0"));
    assertEquals("ImageWarmUpUnsupported", plan.summary().reason());
    assertTrue(plan("n0").isConverged());
  }
}
