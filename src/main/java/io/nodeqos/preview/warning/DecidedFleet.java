// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.node.TransientTaints;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.preview.NodePreview;
import java.util.List;
import java.util.Optional;

/**
 * A fleet that is decided under one set of policies.
 *
 * @param policies the policies in force
 * @param nodes ordered by name
 * @param transientTaints taints that their own controllers remove
 * @param requests of running pods; empty when they were not read
 */
public record DecidedFleet(
    PolicySnapshot policies,
    List<NodePreview> nodes,
    TransientTaints transientTaints,
    Optional<List<ExtendedRequest>> requests) {
  public DecidedFleet {
    nodes = List.copyOf(nodes);
  }

  /** The nodes that a policy warms up. */
  List<NodePreview> warmedUpBy(NodeQoSPolicy policy) {
    return nodes.stream()
        .filter(n -> policy.name().equals(n.seen().config().sources().get(Section.WARM_UP)))
        .toList();
  }

  List<NodePreview> selectedBy(NodeQoSPolicy policy) {
    return nodes.stream().filter(n -> policy.selects(n.seen().node())).toList();
  }

  /** A resource of a node once the decision about it is written. */
  static Quantity planned(NodePreview node, String resource) {
    Quantity none = Quantity.of(0);
    if (node.plan().status().removeResources().contains(resource)) {
      return none;
    }
    Quantity set = node.plan().status().setResources().get(resource);
    return set != null
        ? set
        : node.seen().node().status().allocatable().getOrDefault(resource, none);
  }

  static List<String> names(List<NodePreview> nodes) {
    return nodes.stream().map(NodePreview::node).toList();
  }

  /** {@code these 48 nodes}, or {@code node gpu-1}. */
  static String these(List<NodePreview> nodes) {
    return nodes.size() == 1 ? "node " + nodes.get(0).node() : "these " + nodes.size() + " nodes";
  }

  static Optional<WarmUp> warmUp(NodeQoSPolicy policy) {
    return policy.spec().sections().warmUp();
  }
}
