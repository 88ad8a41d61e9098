// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.node.Keys;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.policy.spec.PolicySpec.Images;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.preview.NodePreview;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * For each kind of gate: why nothing can open it on any of these nodes, a clause; empty when
 * something can, or when it is not known.
 */
record MissingOpeners(List<NodePreview> nodes) implements WarmUp.GateVisitor<Optional<String>> {

  @Override
  public Optional<String> visit(WarmUp.NodeReady gate) {
    return Optional.empty();
  }

  @Override
  public Optional<String> visit(WarmUp.Condition gate) {
    return unless(
        node -> node.seen().node().condition(gate.type()).isPresent(),
        "no node of the policy has the condition " + gate.type());
  }

  @Override
  public Optional<String> visit(WarmUp.ReservedPods gate) {
    NamespaceState namespace = nodes.get(0).seen().reserved().namespaces().get(gate.namespace());
    if (namespace == null) {
      return Optional.of(
          "namespace "
              + gate.namespace()
              + " does not exist, or is not reserved (label "
              + Keys.RESERVED
              + ": \"true\")");
    }
    boolean mayMatch =
        !namespace.readable()
            || namespace.daemonSets().stream()
                .anyMatch(d -> !d.deleting() && gate.selector().matches(d.podLabels()));
    return mayMatch
        ? Optional.empty()
        : unless(
            node -> isThere(node, gate),
            "no DaemonSet and no pod in namespace "
                + gate.namespace()
                + " matches"
                + text(gate.selector()));
  }

  private static boolean isThere(NodePreview node, WarmUp.ReservedPods gate) {
    return node.seen().reserved().namespaces().get(gate.namespace()).pods().stream()
        .anyMatch(pod -> gate.selector().matches(pod.labels()));
  }

  @Override
  public Optional<String> visit(WarmUp.Resource gate) {
    return unless(
        node ->
            node.seen()
                    .node()
                    .status()
                    .allocatable()
                    .getOrDefault(gate.name(), Quantity.of(0))
                    .compareTo(Quantity.of(0))
                > 0,
        "no node of the policy has the resource " + gate.name());
  }

  @Override
  public Optional<String> visit(WarmUp.CsiDriver gate) {
    return unless(
        node ->
            node.seen().reserved().csiDrivers().filter(d -> d.contains(gate.name())).isPresent(),
        "the CSI driver is registered on no node of the policy");
  }

  @Override
  public Optional<String> visit(WarmUp.ImagesPresent gate) {
    return unless(
        node ->
            node.seen().puller().enabled()
                || node.seen()
                    .config()
                    .sections()
                    .images()
                    .map(Images::pulled)
                    .orElse(List.of())
                    .isEmpty(),
        "the setting spinner.enabled is false, so that no image is pulled");
  }

  @Override
  public Optional<String> visit(WarmUp.ConfigApplied gate) {
    return unless(
        node ->
            node.seen().node().annotations().containsKey(Keys.APPLIED_VERSION)
                || !node.seen().config().hasConfig(),
        "no node agent has acknowledged a configuration on a node of the policy (annotation "
            + Keys.APPLIED_VERSION
            + ")");
  }

  private Optional<String> unless(Predicate<NodePreview> opens, String why) {
    return nodes.stream().anyMatch(opens) ? Optional.empty() : Optional.of(why);
  }

  private static String text(LabelSelector selector) {
    String all =
        Stream.concat(
                new TreeMap<>(selector.matchLabels())
                    .entrySet().stream().map(l -> l.getKey() + "=" + l.getValue()),
                selector.matchExpressions().stream().map(MissingOpeners::text))
            .collect(Collectors.joining(","));
    return all.isEmpty() ? "" : " " + all;
  }

  private static String text(Requirement requirement) {
    return requirement.key()
        + " "
        + requirement.operator()
        + (requirement.values().isEmpty() ? "" : " " + requirement.values());
  }
}
