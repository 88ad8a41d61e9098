// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.spec.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nodes of a policy that carry its target revision, as the Node objects say.
 *
 * @param spreadBy the node label of the zones
 * @param zones by name; a node without the label is in the one without a name
 * @param names of the nodes with the target revision, sorted
 */
record NodesOnTarget(String spreadBy, List<Zone> zones, List<String> names) {
  NodesOnTarget {
    zones = List.copyOf(zones);
    names = List.copyOf(names);
  }

  /**
   * A zone.
   *
   * @param nodes all nodes of the policy in it
   * @param updated those with the target revision
   */
  record Zone(String name, int nodes, int updated) {
    Zone and(boolean isUpdated) {
      return new Zone(name, nodes + 1, updated + (isUpdated ? 1 : 0));
    }
  }

  static NodesOnTarget of(RolloutView view, PolicySpec inForce, List<NodeView> all) {
    String spreadBy =
        inForce.rollout().map(RolloutSpec::spreadBy).orElse(RolloutSpec.DEFAULT_SPREAD);
    LabelSelector stable =
        view.stableSpec().map(PolicySpec::nodeSelector).orElse(inForce.nodeSelector());
    Map<String, Zone> zones = new TreeMap<>();
    List<String> names = new ArrayList<>();
    for (NodeView node : all) {
      if (counts(view, inForce.nodeSelector(), stable, node)) {
        boolean isUpdated = revision(view, stable, node).equals(view.target());
        zones.compute(
            node.labels().getOrDefault(spreadBy, ""),
            (name, zone) -> (zone == null ? new Zone(name, 0, 0) : zone).and(isUpdated));
        if (isUpdated) {
          names.add(node.name());
        }
      }
    }
    return new NodesOnTarget(
        spreadBy, List.copyOf(zones.values()), names.stream().sorted().toList());
  }

  /** As the controller counts them: a node without capacity cannot be configured. */
  private static boolean counts(
      RolloutView view, LabelSelector selector, LabelSelector stable, NodeView node) {
    return selector.matches(node.labels())
        && !node.meta().deleting()
        && node.hasCapacity()
        && !(view.stable().equals(view.target()) && stable.matches(node.labels()));
  }

  /** A node that names no revision carries the stable one, if that selected it. */
  private static String revision(RolloutView view, LabelSelector stable, NodeView node) {
    String named =
        ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG)).get(view.policy());
    return named != null ? named : stable.matches(node.labels()) ? view.stable() : "";
  }
}
