// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.EVERYTHING;
import static io.nodeqos.fixture.ReservedFixture.createdAt;
import static io.nodeqos.fixture.ReservedFixture.daemonSet;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.namespace;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static io.nodeqos.fixture.ReservedFixture.ownedBy;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static io.nodeqos.fixture.ReservedFixture.readySince;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.gate.GateResult.State;
import io.nodeqos.gate.Gates.Verdict;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeBoot;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.CompiledConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatesTest {
  private static final Instant SINCE = NodeFixture.CREATED.plusSeconds(60);
  private static final Instant NOW = SINCE.plusSeconds(30);
  private static final String PODS =
      "'reservedPods': [{'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]";

  @Test
  void emptyListOfGatesIsOpen() {
    assertEquals(State.OPEN, check("", node("n").build(), nothing()).state());
  }

  @Test
  void nodeReadyGateNeedsTheConditionTrue() {
    assertOpen("'nodeReady': {}", node("n").taint("any").build());
    assertWaits(
        "'nodeReady': {}",
        node("n").condition("Ready", "Unknown").build(),
        "the node is not Ready");
    assertWaits("'nodeReady': {}", NodeFixture.empty("n").build(), "the node is not Ready");
  }

  @Test
  void conditionMustHaveTheWantedStatus() {
    String gate = "'conditions': [{'type': 'NetworkUnavailable', 'status': 'False'}]";
    assertOpen(gate, node("n").condition("NetworkUnavailable", "False").build());
    assertWaits(
        gate,
        node("n").condition("NetworkUnavailable", "True").build(),
        "condition NetworkUnavailable is True, expected False");
    assertWaits(gate, node("n").build(), "condition NetworkUnavailable is absent, expected False");
  }

  @Test
  void resourceMustBeAllocatable() {
    String gate = "'resources': [{'name': 'nvidia.com/gpu'}]";
    assertOpen(gate, node("n").resource("nvidia.com/gpu", "8").build());
    assertWaits(
        gate,
        node("n").resource("nvidia.com/gpu", "0").build(),
        "resource nvidia.com/gpu is not allocatable");
    assertWaits(gate, node("n").build(), "resource nvidia.com/gpu is not allocatable");
  }

  @Test
  void csiDriverMustBeRegistered() {
    String gate = "'csiDrivers': [{'name': 'ebs.csi.aws.com'}]";
    ReservedState registered = new ReservedState(Map.of(), Optional.of(Set.of("ebs.csi.aws.com")));
    assertEquals(State.OPEN, check(gate, node("n").build(), registered).state());
    assertWaits(gate, node("n").build(), "CSI driver ebs.csi.aws.com is not registered");
    Verdict noCsiNode =
        check(gate, node("n").build(), new ReservedState(Map.of(), Optional.empty()));
    assertEquals(State.UNKNOWN, noCsiNode.state(), "absence is no evidence");
    assertEquals(Reason.CSI_DRIVERS_MISSING, noCsiNode.reason());
  }

  @Test
  void imagesOfThePolicyMustBePresent() {
    assertOpen("'images': {}", node("n").image("docker.io/library/nginx:1").build());
    assertWaits("'images': {}", node("n").build(), "image nginx:1 is missing");
  }

  @Test
  void agentMustHaveAppliedTheVersionInForce() {
    String version = config("'configApplied': {}").version();
    assertOpen("'configApplied': {}", node("n").annotation(Keys.APPLIED_VERSION, version).build());
    assertWaits(
        "'configApplied': {}",
        node("n").annotation(Keys.APPLIED_VERSION, "0000000000").build(),
        "no node agent has applied config version " + version);
  }

  @Test
  void everyExpectedPodMustExistAndBeReady() {
    var cni = daemonSet("cni", List.of(EVERYTHING));
    assertEquals(State.OPEN, pods(kubeSystem(List.of(pod("cni", true)), List.of(cni))).state());
    assertBlockers(
        kubeSystem(List.of(pod("cni", false)), List.of(cni)), "pod kube-system/cni-x is not Ready");
    assertBlockers(
        kubeSystem(List.of(), List.of(cni)), "the pod of DaemonSet kube-system/cni is missing");
    assertBlockers(
        kubeSystem(List.of(pod("cni", true, "Running", true, Resources.NONE)), List.of(cni)),
        "pod kube-system/cni-x is terminating");
  }

  @Test
  void gateIsClosedWithoutPodsAndDaemonSets() {
    assertBlockers(
        kubeSystem(List.of(pod("other", true)), List.of()),
        "no pod and no DaemonSet in namespace kube-system matches k8s-app=cni");
  }

  @Test
  void daemonSetThatPlacesNoPodHereIsNotExpected() {
    var elsewhere = daemonSet("cni", Map.of("pool", "other"), List.of(EVERYTHING));
    assertEquals(State.OPEN, pods(kubeSystem(List.of(), List.of(elsewhere))).state());
  }

  @Test
  void finishedPodDoesNotCount() {
    PodView failed = pod("cni", false, "Failed", false, Resources.NONE);
    assertBlockers(
        kubeSystem(List.of(failed), List.of(daemonSet("cni", List.of(EVERYTHING)))),
        "the pod of DaemonSet kube-system/cni is missing");
  }

  @Test
  void namespaceThatIsNotReservedOrNotReadableIsUnknown() {
    Verdict notReserved = pods(nothing());
    assertEquals(State.UNKNOWN, notReserved.state());
    assertEquals(Reason.NAMESPACE_NOT_RESERVED, notReserved.reason());
    Verdict notReadable = pods(namespace("kube-system", false, List.of(), List.of()));
    assertEquals(State.UNKNOWN, notReadable.state());
    assertEquals(Reason.NAMESPACE_NOT_READABLE, notReadable.reason());
  }

  @Test
  void verdictNamesBlockersOldestFirstWithTheReasonOfTheOldest() {
    Verdict verdict =
        check(
            "'images': {}, 'nodeReady': {}, " + PODS,
            node("n").condition(notReady(SINCE.plusSeconds(5))).build(),
            kubeSystem(List.of(createdAt(pod("cni", false), SINCE.plusSeconds(9))), List.of()));
    assertEquals(
        List.of(
            "image nginx:1 is missing",
            "the node is not Ready",
            "pod kube-system/cni-x is not Ready"),
        verdict.blockers().stream().map(Blocker::text).toList());
    assertEquals(Reason.IMAGES_MISSING, verdict.reason());
  }

  @Test
  void blockersDateFromTheStartOfTheWarmUpAtTheEarliest() {
    Verdict verdict =
        check(
            "'nodeReady': {}, " + PODS,
            node("n").condition(notReady(SINCE.minusSeconds(9000))).build(),
            kubeSystem(List.of(createdAt(pod("cni", false), SINCE.minusSeconds(9001))), List.of()));
    assertEquals(List.of(SINCE, SINCE), verdict.blockers().stream().map(Blocker::since).toList());
    assertEquals(
        List.of("pod kube-system/cni-x is not Ready", "the node is not Ready"),
        verdict.blockers().stream().map(Blocker::text).toList(),
        "of the same age by their words");
  }

  @Test
  void blockerOfTwoGatesIsNamedOnce() {
    Verdict verdict =
        check(
            "'reservedPods': [{'namespace': 'kube-system'}, {'namespace': 'kube-system',"
                + " 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]",
            node("n").build(),
            kubeSystem(List.of(pod("cni", false)), List.of()));
    assertEquals(1, verdict.blockers().size(), verdict.toString());
  }

  private static NodeCondition notReady(Instant since) {
    return new NodeCondition("Ready", "False", "KubeletNotReady", "", since);
  }

  @Test
  void holdingGateReportsItsExceededTimeout() {
    Verdict verdict = check("'images': {'timeout': '20s'}", node("n").build(), nothing());
    assertEquals(State.WAITING, verdict.state());
    assertEquals(
        "image nginx:1 is missing (for longer than 20s)", verdict.blockers().get(0).text());
    assertEquals(Optional.empty(), verdict.nextTimeout());
  }

  @Test
  void releasingGateCountsAsOpenAfterItsTimeout() {
    Verdict early =
        check("'images': {'timeout': '40s', 'onTimeout': 'Release'}", node("n").build(), nothing());
    assertEquals(State.WAITING, early.state());
    assertEquals(Optional.of(SINCE.plusSeconds(40)), early.nextTimeout());
    Verdict late =
        check("'images': {'timeout': '20s', 'onTimeout': 'Release'}", node("n").build(), nothing());
    assertEquals(State.OPEN, late.state());
    assertEquals(List.of("images"), late.released());
  }

  @Test
  void nextTimeoutIsTheEarliestThatIsToCome() {
    for (String gates :
        List.of(
            "'images': {'timeout': '40s'}, 'nodeReady': {'timeout': '50s'}",
            "'images': {'timeout': '50s'}, 'nodeReady': {'timeout': '40s'}")) {
      Verdict verdict = check(gates, node("n").condition("Ready", "False").build(), nothing());
      assertEquals(Optional.of(SINCE.plusSeconds(40)), verdict.nextTimeout(), gates);
    }
  }

  @Test
  void gatesOfTheSameTitleAreNumbered() {
    Verdict verdict =
        check(
            "'reservedPods': [{'namespace': 'kube-system'}, "
                + "{'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}, "
                + "{'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'dns'}}}]",
            node("n").build(),
            kubeSystem(List.of(), List.of()));
    assertEquals(
        List.of(
            "reservedPods of kube-system",
            "reservedPods of kube-system #2",
            "reservedPods of kube-system #3"),
        verdict.checks().stream().map(GateCheck::name).toList());
  }

  @ParameterizedTest
  @CsvSource({"200, true", "201, false"})
  void longSelectorIsShortenedInTheMessage(int length, boolean whole) {
    String value = "v".repeat(63);
    String key = "a".repeat(length - "=,b=,c=".length() - 3 * value.length());
    String selector = key + "=" + value + ",b=" + value + ",c=" + value;
    assertEquals(length, selector.length());
    assertWaits(
        "'reservedPods': [{'namespace': 'kube-system', 'selector': {'matchLabels': {'%s': '%s', 'b': '%s', 'c': '%s'}}}]"
            .formatted(key, value, value, value),
        kubeSystem(List.of(), List.of()),
        "no pod and no DaemonSet in namespace kube-system matches "
            + (whole ? selector : selector.substring(0, 200) + "..."));
  }

  @Test
  void conditionWithATimeIsEvidenceOfIt() {
    assertEquals(
        Optional.of(new Evidence(SINCE, "Ready")), evidence("'nodeReady': {}", ready(SINCE)));
    assertEquals(Optional.empty(), evidence("'nodeReady': {}", ready(Instant.EPOCH)));
  }

  @Test
  void podThatBecameReadyLastIsTheEvidence() {
    PodView first = readySince(pod("cni", true), SINCE);
    PodView last = ownedBy(readySince(pod("cni-2", true), SINCE.plusSeconds(1)), "ds-other");
    List<DaemonSetView> sets =
        List.of(
            daemonSet("cni", List.of(EVERYTHING)),
            new DaemonSetView(
                "kube-system",
                "cni-2",
                "ds-other",
                false,
                Map.of("k8s-app", "cni"),
                daemonSet("cni", List.of(EVERYTHING)).placement()));
    assertEquals(
        Optional.of(new Evidence(SINCE.plusSeconds(1), "kube-system/cni-2-x")),
        evidence(pods(kubeSystem(List.of(last, first), sets))));
    PodView noTime = ownedBy(pod("cni-2", true), "ds-other");
    assertEquals(Optional.empty(), evidence(pods(kubeSystem(List.of(first, noTime), sets))));
    PodView surge = ownedBy(pod("cni-3", false), "ds-cni");
    assertEquals(
        Optional.of(new Evidence(SINCE.plusSeconds(1), "kube-system/cni-2-x")),
        evidence(pods(kubeSystem(List.of(surge, last, first), sets))),
        "one that is not Ready has no time, and is none");
  }

  private static NodeView ready(Instant since) {
    return node("n").condition(new NodeCondition("Ready", "True", "", "", since)).build();
  }

  private static Optional<Evidence> evidence(String gates, NodeView node) {
    return evidence(check(gates, node, nothing()));
  }

  private static Optional<Evidence> evidence(Verdict verdict) {
    assertEquals(State.OPEN, verdict.state(), verdict::toString);
    return verdict.checks().get(0).result().evidence();
  }

  private static void assertOpen(String gates, NodeView node) {
    assertEquals(List.of(), check(gates, node, nothing()).blockers());
    assertEquals(State.OPEN, check(gates, node, nothing()).state());
  }

  private static void assertWaits(String gates, NodeView node, String blocker) {
    assertWaits(check(gates, node, nothing()), blocker);
  }

  private static void assertWaits(String gates, ReservedState reserved, String blocker) {
    assertWaits(check(gates, node("n").build(), reserved), blocker);
  }

  private static void assertWaits(Verdict verdict, String blocker) {
    assertEquals(State.WAITING, verdict.state());
    assertEquals(List.of(blocker), verdict.blockers().stream().map(Blocker::text).toList());
  }

  private static void assertBlockers(ReservedState reserved, String blocker) {
    Verdict verdict = pods(reserved);
    assertEquals(State.WAITING, verdict.state());
    assertTrue(
        verdict.blockers().stream().map(Blocker::text).toList().contains(blocker),
        verdict.toString());
    assertEquals(1, verdict.blockers().size(), verdict.toString());
  }

  private static Verdict pods(ReservedState reserved) {
    return check(PODS, node("n").build(), reserved);
  }

  private static Verdict check(String gates, NodeView node, ReservedState reserved) {
    CompiledConfig config = config(gates);
    return new Gates()
        .check(
            new GateInput(
                node,
                reserved,
                config,
                config.sections().warmUp().get(),
                SINCE,
                new BootEvidence(node, NodeBoot.NONE, NOW)),
            NOW);
  }

  private static CompiledConfig config(String gates) {
    return PolicyFixture.catalog(
            PolicyFixture.policy(
                "p", "{'images': [{'ref': 'nginx:1'}], 'warmUp': {" + gates + "}}"))
        .snapshot()
        .compile(node("n").build());
  }
}
