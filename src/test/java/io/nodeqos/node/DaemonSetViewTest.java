// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.daemonSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.DaemonSetView.NodeSelectorTerm;
import io.nodeqos.node.DaemonSetView.Placement;
import io.nodeqos.node.DaemonSetView.Puzzle;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import io.nodeqos.node.value.Taint;
import io.nodeqos.node.value.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonSetViewTest {
  private static final Predicate<Taint> PASSES =
      taint -> taint.key().equals(Keys.STARTUP_TAINT) || TransientTaints.KNOWN.includes(taint);

  @Test
  void placementIgnoresTaintsThatWillBeRemoved() {
    DaemonSetView withoutTolerations = daemonSet("cni", List.of());
    NodeView node =
        node("node-1")
            .taint(Keys.STARTUP_TAINT)
            .taint("node.kubernetes.io/not-ready")
            .taint("node.cloudprovider.kubernetes.io/uninitialized")
            .taint(Keys.AUTOSCALER_STARTUP_TAINT_PREFIX + "storage")
            .taint("ignore-taint.cluster-autoscaler.kubernetes.io/storage")
            .taint("nodeqos.io/of-another-policy")
            .taint("karpenter.sh/unregistered")
            .taint("node.cilium.io/agent-not-ready")
            .taint("ebs.csi.aws.com/agent-not-ready")
            .taint("node.kubernetes.io/unschedulable")
            .build();
    assertTrue(
        withoutTolerations.places(node, PASSES), "a lingering taint would open the gate early");
  }

  @Test
  void placementRespectsPermanentTaints() {
    NodeView node = node("node-1").taint("dedicated").build();
    assertFalse(daemonSet("cni", List.of()).places(node, PASSES));
    assertTrue(
        daemonSet("cni", List.of(new Toleration("dedicated", "Exists", "", "")))
            .places(node, PASSES));
  }

  @Test
  void numericTolerationsAreRespected() {
    NodeView node = node("node-1").taint(new Taint("sla", "95", "NoSchedule", "{}")).build();
    assertTrue(
        daemonSet("cni", List.of(new Toleration("sla", "Gt", "90", ""))).places(node, PASSES));
    assertFalse(
        daemonSet("cni", List.of(new Toleration("sla", "Lt", "90", ""))).places(node, PASSES));
  }

  @Test
  void unknownOperatorOfADecisiveTolerationIsNamed() {
    Toleration unknown = new Toleration("sla", "Between", "90", "");
    Taint sla = new Taint("sla", "95", "NoSchedule", "{}");
    NodeView node = node("node-1").taint(sla).build();
    DaemonSetView cni = daemonSet("cni", List.of(unknown));
    assertTrue(cni.places(node, PASSES), "it may be placed");
    assertEquals(Optional.of(new Puzzle(sla, unknown)), cni.puzzle(node, PASSES));
    assertEquals(Optional.empty(), cni.keptOffBy(node, "sla"), "not for certain");
    assertEquals(
        Optional.empty(),
        daemonSet("cni", List.of(unknown, new Toleration("sla", "Exists", "", "")))
            .puzzle(node, PASSES),
        "another one tolerates it for certain");
    assertEquals(Optional.empty(), cni.puzzle(node, t -> true), "the taint goes by itself");
    NodeView other = node("node-1").taint(sla).taint("dedicated").build();
    assertFalse(cni.places(other, PASSES), "another taint keeps it off for certain");
    NodeView elsewhere = node("node-1").taint(sla).build();
    assertFalse(
        daemonSet("cni", Map.of("pool", "gpu"), List.of(unknown)).places(elsewhere, PASSES));
  }

  @ParameterizedTest
  @CsvSource({
    "metadata, IN,             '',  false",
    "metadata, IN,             b,   false",
    "metadata, IN,             a,   true",
    "metadata, IN,             a b, false",
    "metadata, NOT_IN,         a,   false",
    "metadata, NOT_IN,         b,   true",
    "metadata, NOT_IN,         b c, false",
    "metadata, NOT_IN,         '',  false",
    "metadata, EXISTS,         '',  false",
    "label,    IN,             8,   true",
    "label,    IN,             7 8, true",
    "label,    IN,             '',  false",
    "label,    NOT_IN,         7,   true",
    "label,    NOT_IN,         '',  false",
    "label,    NOT_IN,         -x,  false",
    "label,    EXISTS,         '',  true",
    "label,    EXISTS,         8,   false",
    "label,    DOES_NOT_EXIST, '',  false",
    "label,    GT,             7,   true",
    "label,    GT,             8,   false",
    "label,    GT,             5 6, false",
    "label,    GT,             x,   false",
    "label,    LT,             9,   true",
    "label,    LT,             '',  false",
  })
  void invalidAffinityTermMatchesNothing(
      String on, Operator operator, String values, boolean places) {
    List<String> list = values.isEmpty() ? List.of() : List.of(values.split(" "));
    NodeSelectorTerm term =
        on.equals("label")
            ? new NodeSelectorTerm(List.of(new Requirement("cores", operator, list)), List.of())
            : new NodeSelectorTerm(
                List.of(), List.of(new Requirement("metadata.name", operator, list)));
    DaemonSetView daemonSet =
        new DaemonSetView(
            "kube-system",
            "x",
            "uid",
            false,
            Map.of(),
            new Placement(Map.of(), Optional.of(List.of(term)), List.of()));
    assertEquals(places, daemonSet.places(node("a").label("cores", "8").build(), PASSES));
  }

  @Test
  void placementIgnoresTaintsWithoutAnEffectOnPods() {
    NodeView node = node("node-1").taint(Taint.of("soft", "PreferNoSchedule")).build();
    assertTrue(daemonSet("cni", List.of()).places(node, PASSES));
  }

  @Test
  void placementRespectsTheNodeSelector() {
    DaemonSetView gpu = daemonSet("gpu", Map.of("pool", "gpu"), List.of());
    assertTrue(gpu.places(node("a").label("pool", "gpu").build(), PASSES));
    assertFalse(gpu.places(node("b").label("pool", "cpu").build(), PASSES));
    assertFalse(gpu.places(node("c").build(), PASSES));
  }

  @Test
  void placementNeedsOneTermOfTheRequiredAffinity() {
    NodeSelectorTerm byLabel =
        new NodeSelectorTerm(
            List.of(new Requirement("cores", Operator.GT, List.of("16"))), List.of());
    NodeSelectorTerm byName =
        new NodeSelectorTerm(
            List.of(), List.of(new Requirement("metadata.name", Operator.IN, List.of("b"))));
    DaemonSetView daemonSet =
        new DaemonSetView(
            "kube-system",
            "x",
            "uid",
            false,
            Map.of(),
            new Placement(Map.of(), Optional.of(List.of(byLabel, byName)), List.of()));
    assertTrue(daemonSet.places(node("a").label("cores", "32").build(), PASSES));
    assertTrue(daemonSet.places(node("b").build(), PASSES));
    assertFalse(daemonSet.places(node("c").label("cores", "8").build(), PASSES));
    assertFalse(daemonSet.places(node("d").label("cores", "many").build(), PASSES));
  }

  @Test
  void emptyAffinityTermMatchesNothing() {
    DaemonSetView daemonSet =
        new DaemonSetView(
            "kube-system",
            "x",
            "uid",
            false,
            Map.of(),
            new Placement(
                Map.of(),
                Optional.of(List.of(new NodeSelectorTerm(List.of(), List.of()))),
                List.of()));
    assertFalse(daemonSet.places(node("a").build(), PASSES));
  }
}
