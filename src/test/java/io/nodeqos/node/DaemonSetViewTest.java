// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.daemonSet;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.DaemonSetView.NodeSelectorTerm;
import io.nodeqos.node.DaemonSetView.Placement;
import io.nodeqos.node.Requirement.Operator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DaemonSetViewTest {
  private static final String TAINT = Keys.STARTUP_TAINT;

  @Test
  void ignoresTaintsThatAreExpectedToGo() {
    DaemonSetView withoutTolerations = daemonSet("cni", List.of());
    NodeView node =
        node("node-1")
            .taint(TAINT)
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
        withoutTolerations.places(node, TAINT), "a lingering taint would open the gate early");
  }

  @Test
  void respectsTaintsThatStay() {
    NodeView node = node("node-1").taint("dedicated").build();
    assertFalse(daemonSet("cni", List.of()).places(node, TAINT));
    assertTrue(
        daemonSet("cni", List.of(new Toleration("dedicated", true, "", ""))).places(node, TAINT));
  }

  @Test
  void ignoresTaintsThatDoNotKeepPodsOff() {
    NodeView node = node("node-1").taint(Taint.of("soft", "PreferNoSchedule")).build();
    assertTrue(daemonSet("cni", List.of()).places(node, TAINT));
  }

  @Test
  void respectsTheNodeSelector() {
    DaemonSetView gpu = daemonSet("gpu", Map.of("pool", "gpu"), List.of());
    assertTrue(gpu.places(node("a").label("pool", "gpu").build(), TAINT));
    assertFalse(gpu.places(node("b").label("pool", "cpu").build(), TAINT));
    assertFalse(gpu.places(node("c").build(), TAINT));
  }

  @Test
  void respectsRequiredAffinityOfWhichOneTermMustMatch() {
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
    assertTrue(daemonSet.places(node("a").label("cores", "32").build(), TAINT));
    assertTrue(daemonSet.places(node("b").build(), TAINT));
    assertFalse(daemonSet.places(node("c").label("cores", "8").build(), TAINT));
    assertFalse(daemonSet.places(node("d").label("cores", "many").build(), TAINT));
  }

  @Test
  void anEmptyAffinityTermMatchesNothing() {
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
    assertFalse(daemonSet.places(node("a").build(), TAINT));
  }
}
