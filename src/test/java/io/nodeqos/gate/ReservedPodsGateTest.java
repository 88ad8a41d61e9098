// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.EVERYTHING;
import static io.nodeqos.fixture.ReservedFixture.daemonSet;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.ownedBy;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.gate.GateResult.State;
import io.nodeqos.gate.Gates.Verdict;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeBoot;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.TransientTaints;
import io.nodeqos.node.value.Resources;
import io.nodeqos.node.value.Taint;
import io.nodeqos.node.value.Toleration;
import io.nodeqos.policy.CompiledConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods as DaemonSet controller, scheduler and kubelet treat them, and when none can ever come. */
class ReservedPodsGateTest {
  private static final Instant SINCE = NodeFixture.CREATED.plusSeconds(60);
  private static final NodeView TAINTED = node("node-1").taint(Keys.STARTUP_TAINT).build();
  private static final String PODS =
      "'reservedPods': [{'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}%s}]";
  private static final String KEPT_OFF =
      "DaemonSet kube-system/cni does not tolerate the startup taint nodeqos.io/warming-up:%s, so"
          + " its pod cannot be scheduled to this node before the node is warm";
  private static final String MISSING = "the pod of DaemonSet kube-system/cni is missing";

  /** An empty column is an empty field. */
  @ParameterizedTest(name = "taint {0}={1}, tolerated {2} {3}={4}:{5}: deadlock {6}")
  @CsvSource({
    "NoSchedule,       '', Exists, nodeqos.io/warming-up, '', '',         false",
    "NoSchedule,       '', Exists, nodeqos.io/warming-up, '', NoSchedule, false",
    "NoSchedule,       '', Exists, '',                    '', '',         false",
    "NoSchedule,       '', Equal,  nodeqos.io/warming-up, '', '',         false",
    "NoSchedule,       1,  Equal,  nodeqos.io/warming-up, 1,  '',         false",
    "NoSchedule,       1,  Equal,  nodeqos.io/warming-up, 2,  '',         true",
    "NoSchedule,       '', Exists, nodeqos.io/warming-up, '', NoExecute,  true",
    "NoSchedule,       '', Exists, example.com/other,     '', '',         true",
    "NoExecute,        '', Exists, nodeqos.io/warming-up, '', NoSchedule, true",
    "PreferNoSchedule, '', Exists, example.com/other,     '', '',         false",
  })
  void daemonSetThatDoesNotTolerateTheStartupTaintIsADeadlock(
      String effect,
      String value,
      String operator,
      String key,
      String tolerated,
      String toleratedEffect,
      boolean isDeadlock) {
    NodeView node =
        node("node-1").taint(new Taint(Keys.STARTUP_TAINT, value, effect, "{}")).build();
    Toleration toleration = new Toleration(key, operator, tolerated, toleratedEffect);
    Verdict verdict =
        check("", node, kubeSystem(List.of(), List.of(daemonSet("cni", List.of(toleration)))));
    assertEquals(State.WAITING, verdict.state());
    assertEquals(List.of(isDeadlock ? KEPT_OFF.formatted(effect) : MISSING), texts(verdict));
    assertEquals(
        isDeadlock ? Reason.GATE_DEADLOCK : Reason.RESERVED_PODS_NOT_READY, verdict.reason());
  }

  @Test
  void podIsMissingWithoutADeadlockWhenTheNodeHasNoTaint() {
    Verdict verdict =
        check("", node("node-1").build(), kubeSystem(List.of(), List.of(intolerant())));
    assertEquals(List.of(MISSING), texts(verdict));
  }

  /** Taints that other controllers remove by themselves; the pod comes after that. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cni.istio.io/not-ready",
        "readiness.k8s.io/network",
        "node.gardener.cloud/critical-components-not-ready",
        "nidhogg.uswitch.com/kube-system.kiam",
        "skyhook.nvidia.com",
        "agent.datadoghq.com/not-ready",
        "odigos.io/needs-init",
        "node.cilium.io/agent-not-ready",
        "node.kubernetes.io/not-ready",
      })
  void podBehindAForeignStartupTaintIsExpected(String key) {
    NodeView node = node("node-1").taint(Keys.STARTUP_TAINT).taint(key).build();
    assertEquals(
        List.of(MISSING), texts(check("", node, kubeSystem(List.of(), List.of(tolerant())))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"node.kubernetes.io/purpose", "dedicated", "example.com/agent"})
  void podBehindAPermanentTaintIsNotExpected(String key) {
    NodeView node = node("node-1").taint(Keys.STARTUP_TAINT).taint(key).build();
    assertEquals(State.OPEN, check("", node, kubeSystem(List.of(), List.of(tolerant()))).state());
  }

  @Test
  void podBehindAStartupTaintOfTheSettingsIsExpected() {
    Gates gates = new Gates(() -> new TransientTaints(List.of("example.com/")));
    NodeView node = node("node-1").taint("example.com/agent").build();
    assertEquals(
        List.of(MISSING),
        texts(check(gates, "", node, kubeSystem(List.of(), List.of(tolerant())), "")));
  }

  @Test
  void unknownOperatorOfATolerationHoldsTheGateAndIsNamed() {
    DaemonSetView cni =
        daemonSet("cni", List.of(new Toleration("example.com/sla", "Between", "90-99", "")));
    NodeView node =
        node("node-1").taint(new Taint("example.com/sla", "95", "NoSchedule", "{}")).build();
    Verdict verdict = check("", node, kubeSystem(List.of(), List.of(cni)));
    assertEquals(State.UNKNOWN, verdict.state());
    assertEquals(Reason.UNKNOWN_TOLERATION, verdict.reason());
    assertEquals(
        List.of(
            MISSING
                + ", and the controller does not know the operator \"Between\" of its toleration of"
                + " the taint example.com/sla:NoSchedule"),
        texts(verdict));
    assertEquals(
        State.OPEN,
        check("", node, kubeSystem(List.of(pod("cni", true)), List.of(cni))).state(),
        "its pod has come");
    assertEquals(
        State.WAITING,
        check("", node, kubeSystem(List.of(pod("cni", false)), List.of(cni))).state(),
        "its pod is there");
  }

  @Test
  void podScheduledBeforeTheTaintIsNoDeadlock() {
    // NoSchedule evicts no pod, and a kubelet that restarts runs the pod again.
    assertEquals(
        List.of("pod kube-system/cni-x is not Ready"),
        texts(check("", TAINTED, kubeSystem(List.of(pod("cni", false)), List.of(intolerant())))));
    assertEquals(
        State.OPEN,
        check("", TAINTED, kubeSystem(List.of(pod("cni", true)), List.of(intolerant()))).state());
  }

  @Test
  void finishedPodBehindTheTaintIsADeadlock() {
    PodView failed = pod("cni", false, "Failed", false, Resources.NONE);
    assertEquals(
        Reason.GATE_DEADLOCK,
        check("", TAINTED, kubeSystem(List.of(failed), List.of(intolerant()))).reason());
  }

  @Test
  void daemonSetForOtherNodesIsNoDeadlock() {
    DaemonSetView elsewhere = daemonSet("cni", Map.of("pool", "other"), List.of());
    assertEquals(State.OPEN, check("", TAINTED, kubeSystem(List.of(), List.of(elsewhere))).state());
  }

  @Test
  void deadlockIsTheReasonThoughOlderBlockersAreNamedFirst() {
    Verdict verdict =
        check(
            ", 'timeout': '1s'",
            TAINTED,
            kubeSystem(List.of(), List.of(intolerant())),
            "'csiDrivers': [{'name': 'a'}], ");
    assertEquals(
        List.of(
            "CSI driver a is not registered",
            KEPT_OFF.formatted("NoSchedule") + " (for longer than 1s)"),
        texts(verdict),
        "of the same age by their words");
    assertEquals(Reason.GATE_DEADLOCK, verdict.reason());
  }

  @Test
  void releasedGateIsNoDeadlock() {
    ReservedState reserved = kubeSystem(List.of(), List.of(intolerant()));
    Verdict before = check(", 'timeout': '1h', 'onTimeout': 'Release'", TAINTED, reserved);
    assertEquals(Reason.GATE_DEADLOCK, before.reason());
    assertEquals(Optional.of(SINCE.plusSeconds(3600)), before.nextTimeout());
    Verdict after = check(", 'timeout': '30s', 'onTimeout': 'Release'", TAINTED, reserved);
    assertEquals(State.OPEN, after.state());
    assertEquals(List.of("reservedPods of kube-system"), after.released());
  }

  @Test
  void staticPodCountsLikeOtherPods() {
    PodView mirror = ownedBy(pod("cni", false), "uid-of-the-node");
    assertEquals(
        List.of("pod kube-system/cni-x is not Ready"),
        texts(check("", TAINTED, kubeSystem(List.of(mirror), List.of()))));
  }

  @Test
  void podOfAnEarlierTemplateCountsForItsDaemonSet() {
    DaemonSetView cni = daemonSet("cni", List.of(EVERYTHING));
    // updateStrategy OnDelete: its labels are those of the template that it was made from.
    PodView old = ownedBy(pod("cni-old", true), cni.uid());
    assertEquals(State.OPEN, check("", TAINTED, kubeSystem(List.of(old), List.of(cni))).state());
    PodView notReady = ownedBy(pod("cni-old", false), cni.uid());
    assertEquals(
        List.of("pod kube-system/cni-old-x is not Ready"),
        texts(check("", TAINTED, kubeSystem(List.of(notReady), List.of(cni)))));
  }

  @Test
  void replacedPodIsNotExpected() {
    DaemonSetView cni = daemonSet("cni", List.of(EVERYTHING));
    PodView old = pod("cni", true, "Running", true, Resources.NONE);
    PodView successor = ownedBy(pod("cni-2", true), cni.uid());
    assertEquals(
        State.OPEN, check("", TAINTED, kubeSystem(List.of(old, successor), List.of(cni))).state());
    assertEquals(
        List.of("pod kube-system/cni-x is terminating"),
        texts(check("", TAINTED, kubeSystem(List.of(old), List.of(cni)))),
        "without maxSurge the next one comes when this one has gone");
  }

  @Test
  void unreadySurgePodKeepsTheGateOpenBesideAReadyPod() {
    DaemonSetView cni = daemonSet("cni", List.of(EVERYTHING));
    PodView surge = ownedBy(pod("cni-2", false), cni.uid());
    ReservedState both = kubeSystem(List.of(pod("cni", true), surge), List.of(cni));
    assertEquals(State.OPEN, check("", TAINTED, both).state());
    PodView old = pod("cni", true, "Running", true, Resources.NONE);
    assertEquals(
        List.of("pod kube-system/cni-2-x is not Ready"),
        texts(check("", TAINTED, kubeSystem(List.of(old, surge), List.of(cni)))),
        "the one that serves is on its way out");
    PodView crashing = ownedBy(pod("cni", false), "uid-of-a-replica-set");
    PodView beside = ownedBy(pod("cni-2", true), "uid-of-a-replica-set");
    assertEquals(
        List.of("pod kube-system/cni-x is not Ready"),
        texts(check("", TAINTED, kubeSystem(List.of(crashing, beside), List.of()))),
        "of others every pod counts");
  }

  @Test
  void surgePodCountsWhileItsDaemonSetIsBeingDeleted() {
    DaemonSetView going = deleting(daemonSet("cni", List.of(EVERYTHING)));
    PodView surge = ownedBy(pod("cni-2", false), going.uid());
    assertEquals(
        State.OPEN,
        check("", TAINTED, kubeSystem(List.of(pod("cni", true), surge), List.of(going))).state());
  }

  /** A pod that is moved elsewhere, hangs, or whose DaemonSet is uninstalled or goes elsewhere. */
  @Test
  void terminatingPodWithoutASuccessorIsNotExpected() {
    DaemonSetView cni = daemonSet("cni", List.of(EVERYTHING));
    PodView ready = pod("cni", true);
    PodView going = pod("cni", true, "Running", true, Resources.NONE);
    for (String owner : List.of("", "uid-of-a-replica-set", "uid-of-the-node")) {
      PodView stray = ownedBy(named(going, "stray"), owner);
      assertEquals(
          State.OPEN,
          check("", TAINTED, kubeSystem(List.of(ready, stray), List.of(cni))).state(),
          owner);
      assertEquals(
          List.of("no pod and no DaemonSet in namespace kube-system matches k8s-app=cni"),
          texts(check("", TAINTED, kubeSystem(List.of(stray), List.of()))),
          "nothing is there once it has gone: " + owner);
    }
    PodView other = ownedBy(named(going, "other"), "ds-other");
    for (DaemonSetView owner :
        List.of(
            deleting(daemonSet("other", List.of(EVERYTHING))),
            daemonSet("other", Map.of("pool", "other"), List.of(EVERYTHING)))) {
      assertEquals(
          State.OPEN,
          check("", TAINTED, kubeSystem(List.of(ready, other), List.of(cni, owner))).state(),
          owner::toString);
    }
    assertEquals(
        List.of("pod kube-system/other is terminating"),
        texts(
            check(
                "",
                TAINTED,
                kubeSystem(
                    List.of(ready, other),
                    List.of(cni, daemonSet("other", List.of(EVERYTHING)))))));
  }

  @Test
  void deletedDaemonSetExpectsNoPod() {
    DaemonSetView going = deleting(daemonSet("cni", List.of()));
    assertEquals(
        List.of("no pod and no DaemonSet in namespace kube-system matches k8s-app=cni"),
        texts(check("", TAINTED, kubeSystem(List.of(), List.of(going)))));
    assertEquals(
        State.OPEN,
        check("", TAINTED, kubeSystem(List.of(pod("cni", true)), List.of(going))).state(),
        "an orphan that is Ready");
  }

  @Test
  void podOfAnotherDaemonSetIsNotTheMissingOne() {
    DaemonSetView cni = daemonSet("cni", List.of(EVERYTHING));
    PodView ready = ownedBy(pod("cni", true), "uid-of-a-replica-set");
    assertEquals(
        List.of(MISSING), texts(check("", TAINTED, kubeSystem(List.of(ready), List.of(cni)))));
  }

  @Test
  void podOfADaemonSetThatTheSelectorDoesNotMatchIsNotExpected() {
    PodView other = pod("other", false);
    List<DaemonSetView> sets =
        List.of(daemonSet("cni", List.of(EVERYTHING)), daemonSet("other", List.of(EVERYTHING)));
    assertEquals(
        State.OPEN, check("", TAINTED, kubeSystem(List.of(pod("cni", true), other), sets)).state());
  }

  private static DaemonSetView tolerant() {
    return daemonSet("cni", List.of(new Toleration(Keys.STARTUP_TAINT, "Exists", "", "")));
  }

  private static DaemonSetView intolerant() {
    return daemonSet("cni", List.of());
  }

  private static DaemonSetView deleting(DaemonSetView set) {
    return new DaemonSetView(
        set.namespace(), set.name(), set.uid(), true, set.podLabels(), set.placement());
  }

  private static PodView named(PodView pod, String name) {
    PodView.Meta meta = pod.meta();
    return new PodView(
        new PodView.Meta(
            meta.namespace(), name, "uid-" + name, meta.resourceVersion(), meta.createdAt()),
        pod.nodeName(),
        pod.ownerUid(),
        pod.labels(),
        pod.state(),
        pod.requests(),
        pod.tolerations(),
        pod.images());
  }

  private static List<String> texts(Verdict verdict) {
    return verdict.blockers().stream().map(Blocker::text).toList();
  }

  private static Verdict check(String timing, NodeView node, ReservedState reserved) {
    return check(timing, node, reserved, "");
  }

  private static Verdict check(
      String timing, NodeView node, ReservedState reserved, String moreGates) {
    return check(new Gates(), timing, node, reserved, moreGates);
  }

  private static Verdict check(
      Gates gates, String timing, NodeView node, ReservedState reserved, String moreGates) {
    CompiledConfig config =
        PolicyFixture.catalog(
                PolicyFixture.policy(
                    "p",
                    "{'images': [{'ref': 'nginx:1'}], 'warmUp': {"
                        + moreGates
                        + PODS.formatted(timing)
                        + "}}"))
            .snapshot()
            .compile(node);
    return gates.check(
        new GateInput(
            node,
            reserved,
            config,
            config.sections().warmUp().get(),
            SINCE,
            new BootEvidence(node, NodeBoot.NONE, SINCE)),
        SINCE.plusSeconds(30));
  }
}
