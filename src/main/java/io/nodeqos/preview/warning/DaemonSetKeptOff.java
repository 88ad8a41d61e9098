// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.warning.Warning.Code;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A gate waits for the pods of a DaemonSet that does not tolerate the startup taint. */
final class DaemonSetKeptOff implements WarningRule {
  /**
   * A DaemonSet without the toleration.
   *
   * @param until the end of a sentence: when the gate gives up
   */
  private record Kept(String daemonSet, String until) {}

  @Override
  public List<Warning> check(DecidedFleet fleet) {
    List<Warning> warnings = new ArrayList<>();
    for (NodeQoSPolicy policy : fleet.policies().inForce()) {
      DecidedFleet.warmUp(policy)
          .ifPresent(warmUp -> warnings.addAll(check(fleet, policy, warmUp)));
    }
    return warnings;
  }

  private static List<Warning> check(DecidedFleet fleet, NodeQoSPolicy policy, WarmUp warmUp) {
    Predicate<Taint> passes =
        taint -> taint.key().equals(warmUp.taintKey()) || fleet.transientTaints().includes(taint);
    Map<Kept, List<String>> found = new LinkedHashMap<>();
    for (NodePreview node : fleet.warmedUpBy(policy)) {
      NodeView tainted = tainted(node.seen().node(), warmUp.taintKey());
      for (WarmUp.GateSpec gate : warmUp.gates()) {
        if (gate instanceof WarmUp.ReservedPods pods) {
          awaited(node, pods)
              .filter(d -> d.places(tainted, passes))
              .filter(d -> d.keptOffBy(tainted, warmUp.taintKey()).isPresent())
              .map(d -> new Kept(d.namespace() + "/" + d.name(), until(gate)))
              .forEach(d -> found.computeIfAbsent(d, n -> new ArrayList<>()).add(node.node()));
        }
      }
    }
    return found.entrySet().stream()
        .map(
            e ->
                Warning.of(
                    Code.DAEMON_SET_KEPT_OFF,
                    policy.name(),
                    e.getKey().daemonSet(),
                    e.getValue().stream().distinct().toList(),
                    "DaemonSet "
                        + e.getKey().daemonSet()
                        + " does not tolerate the startup taint "
                        + warmUp.taintKey()
                        + ":"
                        + Keys.STARTUP_TAINT_EFFECT
                        + ". Its pod cannot come before the taint goes, and the taint waits for"
                        + " the pod"
                        + e.getKey().until()
                        + "."))
        .toList();
  }

  private static String until(WarmUp.GateSpec gate) {
    return gate.timing()
        .timeout()
        .filter(timeout -> gate.timing().onTimeout() == WarmUp.OnTimeout.RELEASE)
        .map(timeout -> ", until the gate is released after " + GoDuration.format(timeout))
        .orElse("");
  }

  private static Stream<DaemonSetView> awaited(NodePreview node, WarmUp.ReservedPods gate) {
    NamespaceState namespace = node.seen().reserved().namespaces().get(gate.namespace());
    return namespace == null
        ? Stream.empty()
        : namespace.daemonSets().stream()
            .filter(d -> !d.deleting() && gate.selector().matches(d.podLabels()));
  }

  private static NodeView tainted(NodeView node, String key) {
    List<Taint> taints = new ArrayList<>(node.taints());
    taints.removeIf(taint -> taint.key().equals(key));
    taints.add(Taint.of(key, Keys.STARTUP_TAINT_EFFECT));
    return new NodeView(node.meta(), node.labels(), node.annotations(), taints, node.status());
  }
}
