// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.hasTaint;
import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.fixture.SpinnerFixture;
import io.nodeqos.gate.BootEvidence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real kubelets at a reboot: new bootID and Ready=True in the first status, the pods not Ready a
 * second later, Ready again when they are.
 */
class RebootTest extends PlannerTestCase {
  /** By the clock of the node, which is not that of the API server. */
  private static final Instant BOOT = Instant.parse("2026-05-01T12:00:00Z");

  private static final Instant LONG_AGO = BOOT.minus(Duration.ofDays(3));
  private static final Instant BEGIN = Instant.parse("2026-05-01T15:00:00Z");
  private static final Instant NODE_CREATED = Instant.parse("2026-04-01T00:00:00Z");
  private static final String PODS = "'reservedPods': [{'namespace': 'kube-system'}]";
  private static final String GATED = "{'warmUp': {'taintNewNodes': true, " + PODS + "}}";

  private PolicyCatalog policies = catalog(policy("p", GATED));
  private ReservedState reserved = pods(podOf(LONG_AGO));
  private NodeView node =
      Plans.warm("n").created(NODE_CREATED).reportedAt(BOOT.minusSeconds(90)).build();
  private Instant now = BEGIN;

  private static PodView podOf(Instant readySince) {
    return ReservedFixture.readySince(ReservedFixture.pod("cni", true), readySince);
  }

  private static PodView started(PodView pod, Instant at) {
    return new PodView(
        pod.meta(),
        pod.nodeName(),
        pod.ownerUid(),
        pod.labels(),
        new PodView.State(
            pod.state().phase(),
            pod.state().ready(),
            pod.state().readySince(),
            at,
            pod.state().deleting()),
        pod.requests(),
        pod.tolerations(),
        pod.images());
  }

  private static ReservedState pods(PodView... pods) {
    return kubeSystem(List.of(pods), List.of());
  }

  /** Decides, writes, and says whether the node carries the mark. */
  private boolean isWarm() {
    NodePlan plan = decide(policies, node, reserved, now);
    node = Plans.applied(node, plan);
    return node.labels().containsKey(Keys.WARMED_UP)
        && WarmUpMark.of(node).state() == WarmUpMark.State.VALID;
  }

  private String says() {
    return node.condition(Keys.WARMED_UP_CONDITION).orElseThrow().message();
  }

  private void reboot() {
    node = Plans.rebooted(node, "boot-2", BOOT);
  }

  private void deliver(char description) {
    switch (description) {
      case 'N' -> reboot();
      case 'U' -> reserved = pods(ReservedFixture.pod("cni", false));
      case 'R' -> reserved = pods(started(podOf(BOOT.plusSeconds(11)), BOOT.plusSeconds(9)));
      default -> throw new IllegalArgumentException("what is " + description);
    }
  }

  /**
   * N: the status of the node, U: the pod is not Ready, R: it is Ready again, in every order that
   * two watches can have them. A process that watches, one that starts anew each time, and one that
   * leads from the middle on.
   */
  @ParameterizedTest
  @CsvSource({
    "NUR, -1", "NUR, 0", "NUR, 1", "NUR, 2", "NUR, 9",
    "UNR, -1", "UNR, 0", "UNR, 1", "UNR, 2", "UNR, 9",
    "URN, -1", "URN, 0", "URN, 1", "URN, 2", "URN, 9"
  })
  void rebootedNodeWaitsForPodsOfThisBoot(String order, int newLeaderAt) {
    assertTrue(isWarm());
    for (int i = 0; i < order.length(); i++) {
      deliver(order.charAt(i));
      now = now.plusSeconds(1);
      if (i == newLeaderAt || newLeaderAt == 9) {
        memory = NodeMemory.NONE;
      }
      boolean isRebooted = order.indexOf('N') <= i;
      boolean isReady = order.indexOf('R') <= i;
      assertEquals(!isRebooted || isReady, isWarm(), order.substring(0, i + 1));
    }
    assertEquals("uid-1/boot-2", node.annotations().get(Keys.WARMED_UP_FOR));
    assertFalse(node.annotations().containsKey(Keys.WARMING_UP_FOR));
    assertEquals(NodePhase.WARM, decide(policies, node, reserved, now).summary().phase());
  }

  @Test
  void oldStatusDoesNotCountDuringStableFor() {
    policies = catalog(policy("p", GATED.replace("{'taint", "{'stableFor': '5s', 'taint")));
    reboot();
    for (int second = 0; second < 11; second++) {
      now = now.plusSeconds(1);
      assertFalse(isWarm(), "after " + second + " s");
    }
    assertEquals(
        "The warm-up has 1 blocker: pod kube-system/cni-x has not become Ready since the node"
            + " booted.",
        says());
    assertTrue(hasTaint(node, Keys.STARTUP_TAINT, "NoSchedule"), "it has not lost its tenants yet");
    deliver('R');
    assertFalse(isWarm());
    now = now.plusSeconds(5);
    assertTrue(isWarm());
  }

  /** The kubelet set it to not Ready and back between two updates, so that the time stayed. */
  @Test
  void podWhoseContainersStartedInThisBootCounts() {
    reboot();
    assertFalse(isWarm());
    reserved = pods(started(podOf(LONG_AGO), BOOT.minusSeconds(1)));
    assertFalse(isWarm());
    reserved = pods(started(podOf(LONG_AGO), BOOT));
    assertTrue(isWarm());
  }

  /** A static pod can be Ready before the kubelet reaches the API server. */
  @Test
  void podReadyBeforeTheFirstStatusCountsOnceTheBootHasSettled() {
    reboot();
    reserved = pods(started(podOf(BOOT.minusSeconds(20)), BOOT.minusSeconds(25)));
    NodePlan plan = decide(policies, node, reserved, now);
    assertEquals(Optional.of(BEGIN.plus(BootEvidence.SETTLE_PERIOD)), plan.checkAgainAt());
    now = BEGIN.plus(BootEvidence.SETTLE_PERIOD).minusMillis(1);
    assertFalse(isWarm());
    now = BEGIN.plus(BootEvidence.SETTLE_PERIOD);
    assertTrue(isWarm());
  }

  @Test
  void podsOfANodeWithoutABootTimeCountOnceTheBootHasSettled() {
    node = Plans.rebooted(node, "boot-2", Instant.EPOCH);
    assertFalse(isWarm());
    now = BEGIN.plus(BootEvidence.SETTLE_PERIOD);
    assertTrue(isWarm());
  }

  @Test
  void rebootInTheMiddleOfAWarmUpIsKnownToANewLeader() {
    node = node("n").taint(Keys.STARTUP_TAINT).reportedAt(BOOT.minusSeconds(90)).build();
    reserved = pods(podOf(BOOT.minusSeconds(30)), ReservedFixture.pod("csi", false));
    assertFalse(isWarm());
    assertEquals("uid-1/boot-1", node.annotations().get(Keys.WARMING_UP_FOR));

    memory = NodeMemory.NONE;
    reserved = pods(podOf(BOOT.minusSeconds(30)), podOf(BOOT.minusSeconds(5)));
    reboot();
    assertFalse(isWarm());
    assertEquals("uid-1/boot-2@" + BOOT, node.annotations().get(Keys.WARMING_UP_FOR));

    // The next one has not seen the first status, but reads of it.
    memory = NodeMemory.NONE;
    node = Plans.rebooted(node, "boot-2", BOOT.plusSeconds(300));
    assertFalse(isWarm());
    reserved = pods(podOf(BOOT.plusSeconds(10)), podOf(BOOT.plusSeconds(9)));
    assertTrue(isWarm());
  }

  @Test
  void laterStatusesOfTheBootChangeNothing() {
    reboot();
    assertFalse(isWarm());
    node = Plans.rebooted(node, "boot-2", BOOT.plusSeconds(300));
    assertFalse(isWarm());
    deliver('R');
    assertTrue(isWarm());
  }

  /** With any annotation of another writer the node neither hangs nor is warm too early. */
  @ParameterizedTest
  @ValueSource(
      strings = {"", "@", "x", "uid-1/boot-2@soon", "uid-1/boot-2@+999999999-12-31T00:00:00Z"})
  void malformedAnnotationCountsAsAnotherBoot(String value) {
    node =
        node("n")
            .taint(Keys.STARTUP_TAINT)
            .boot("boot-2")
            .reportedAt(BOOT)
            .annotation(Keys.WARMING_UP_FOR, value)
            .build();
    assertFalse(isWarm());
    deliver('R');
    assertTrue(isWarm());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nodeCreatedAgainWaitsForPodsOfItsOwnIncarnation(boolean isRemembered) {
    Instant created = BEGIN.minusSeconds(1);
    assertTrue(isWarm());
    node = node("n").uid("uid-2").boot("boot-2").created(created).reportedAt(BOOT).build();
    if (!isRemembered) {
      memory = NodeMemory.NONE;
    }
    assertFalse(isWarm(), "the pods are bound to the name");
    PodView own =
        ReservedFixture.createdAt(podOf(isRemembered ? BOOT : LONG_AGO), created.plusSeconds(1));
    reserved = pods(own);
    assertTrue(isWarm());
  }

  /** Deleted and created again while the machine ran on: nothing starts again there. */
  @Test
  void podsThatOutliveTheirNodeCountOnceTheBootHasSettled() {
    node = node("n").uid("uid-2").created(BEGIN).reportedAt(BOOT).build();
    assertFalse(isWarm());
    now = BEGIN.plus(BootEvidence.SETTLE_PERIOD);
    assertTrue(isWarm());
  }

  @Test
  void conditionOfTheFormerBootDoesNotCount() {
    policies =
        catalog(
            policy(
                "p",
                "{'warmUp': {'nodeReady': {}, 'conditions': [%s, %s]}}"
                    .formatted(
                        "{'type': 'example.com/Fabric', 'status': 'True'}",
                        "{'type': 'DiskPressure', 'status': 'False'}")));
    node = Plans.warm("n").condition("DiskPressure", "False").condition(fabric(LONG_AGO)).build();
    assertTrue(isWarm());
    reboot();
    assertFalse(isWarm());
    assertEquals(
        "The warm-up has 1 blocker: condition example.com/Fabric is True since before the node"
            + " booted.",
        says(),
        "conditions of the kubelet come with the boot");
    StatusChange again =
        new StatusChange(Optional.of(fabric(BOOT.plusSeconds(4))), Map.of(), Set.of());
    node = Plans.applied(node, again);
    assertTrue(isWarm());
  }

  private static NodeCondition fabric(Instant since) {
    return new NodeCondition("example.com/Fabric", "True", "Up", "", since);
  }

  @Test
  void imagesOfTheFormerBootNeedNewEvidence() {
    String spec =
        "{'images': [{'ref': 'a:1'}, {'ref': 'b:1', 'pull': 'Never'}], 'warmUp': {'images': {}}}";
    policies = catalog(policy("p", spec));
    CompiledConfig config = policies.snapshot().compile(node);
    String version = config.sections().images().orElseThrow().pullVersion();
    SpinnerPod pulled =
        SpinnerFixture.readySince(SpinnerFixture.pod("p", version, true, "a:1"), LONG_AGO);
    PodView runs = withImages(started(podOf(LONG_AGO), LONG_AGO), "b:1");
    reserved = pods(runs).withPulls(SpinnerFixture.with(pulled).pulls());
    node = Plans.warm("n").annotation(Keys.IMAGES_PRESENT, version + "/uid-1/boot-1").build();
    assertTrue(isWarm());
    reboot();
    assertFalse(isWarm());
    assertEquals("The warm-up has 2 blockers: image a:1 is missing; image b:1 is missing.", says());
    reserved =
        pods(withImages(started(podOf(LONG_AGO), BOOT.plusSeconds(2)), "b:1"))
            .withPulls(
                SpinnerFixture.with(SpinnerFixture.readySince(pulled, BOOT.plusSeconds(3)))
                    .pulls());
    assertTrue(isWarm());
  }

  private static PodView withImages(PodView pod, String... images) {
    return new PodView(
        pod.meta(),
        pod.nodeName(),
        pod.ownerUid(),
        pod.labels(),
        pod.state(),
        pod.requests(),
        pod.tolerations(),
        Set.of(images));
  }

  @Test
  void kubeletRestartChangesNothing() {
    policies = catalog(policy("p", GATED.replace("{'taint", "{'mode': 'Continuous', 'taint")));
    assertTrue(isWarm());
    node = Plans.rebooted(node, "boot-1", BOOT.plusSeconds(300));
    assertTrue(decide(policies, node, reserved, now).isConverged());
  }

  /** Marked by a version that knew nothing of this; its pods are even older than its Node. */
  @Test
  void nodeThatWasWarmBeforeAnUpgradeStaysWarm() {
    policies = catalog(policy("p", GATED.replace("{'taint", "{'mode': 'Continuous', 'taint")));
    node = Plans.warm("n").created(BEGIN.minusSeconds(60)).reportedAt(BOOT).build();
    assertTrue(isWarm());
    assertTrue(decide(policies, node, reserved, now.plusSeconds(30)).isConverged());
  }

  @Test
  void nodeSeenForTheFirstTimeIsWarmAtOnce() {
    node = node("n").reportedAt(BOOT).build();
    assertTrue(isWarm());
  }

  @Test
  void firstBootIsRecordedWithOtherChangesOnly() {
    node = node("n").taint(Keys.STARTUP_TAINT).reportedAt(BOOT).build();
    reserved = pods(ReservedFixture.pod("cni", false));
    assertFalse(isWarm());
    assertTrue(node.annotations().containsKey(Keys.WARMING_UP_FOR));
    Map<String, String> annotations = new HashMap<>(node.annotations());
    annotations.remove(Keys.WARMING_UP_FOR);
    node = new NodeView(node.meta(), node.labels(), annotations, node.taints(), node.status());
    assertTrue(decide(policies, node, reserved, now).isConverged());
  }
}
