// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.fleet;

import io.nodeqos.node.NodeView;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The properties of a node by which provisioners and operators group nodes: the narrowest first.
 */
public final class NodeTraits {
  /** Fewer nodes have everything in common by chance. */
  private static final int MIN_NODES = 2;

  private static final int MIN_OTHERS = 3;

  /** Words to the labels that carry the property. */
  private static final Map<String, List<String>> LABELS = labels();

  private NodeTraits() {}

  private static Map<String, List<String>> labels() {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    labels.put(
        "machine image",
        List.of(
            "eks.amazonaws.com/nodegroup-image",
            "karpenter.k8s.aws/instance-ami-id",
            "kubernetes.azure.com/node-image-version",
            "worker.gardener.cloud/image-version",
            "node.kubernetes.io/image"));
    labels.put("zone", List.of("topology.kubernetes.io/zone"));
    labels.put("instance type", List.of("node.kubernetes.io/instance-type"));
    labels.put(
        "pool",
        List.of(
            "karpenter.sh/nodepool",
            "eks.amazonaws.com/nodegroup",
            "cloud.google.com/gke-nodepool",
            "kubernetes.azure.com/agentpool",
            "worker.gardener.cloud/pool",
            "kops.k8s.io/instancegroup",
            "doks.digitalocean.com/node-pool",
            "alpha.eksctl.io/nodegroup-name",
            "cluster.x-k8s.io/deployment-name"));
    labels.put("architecture", List.of("kubernetes.io/arch"));
    return labels;
  }

  /** Words to value, in order. */
  static Map<String, String> of(NodeView node) {
    Map<String, String> traits = new LinkedHashMap<>();
    LABELS.forEach(
        (words, keys) ->
            keys.stream()
                .filter(node.labels()::containsKey)
                .findFirst()
                .ifPresent(key -> traits.put(words, node.labels().get(key))));
    NodeView.Software software = node.status().software();
    if (!software.osImage().isEmpty()) {
      traits.put("OS image", software.osImage());
    }
    if (!software.kubeletVersion().isEmpty()) {
      traits.put("kubelet version", software.kubeletVersion());
    }
    return traits;
  }

  /**
   * The properties that all nodes have and none of the others has: words to value, in order. Empty
   * when there are too few nodes to tell them from chance.
   *
   * @param others each has the property as well, with another value: absence proves nothing
   */
  public static Map<String, String> inCommon(
      Collection<NodeView> nodes, Collection<NodeView> others) {
    if (nodes.size() < MIN_NODES || others.size() < MIN_OTHERS) {
      return Map.of();
    }
    Map<String, String> common = of(nodes.iterator().next());
    nodes.forEach(node -> common.entrySet().retainAll(of(node).entrySet()));
    others.forEach(
        node -> {
          Map<String, String> other = of(node);
          common
              .entrySet()
              .removeIf(
                  trait ->
                      !other.containsKey(trait.getKey())
                          || other.get(trait.getKey()).equals(trait.getValue()));
        });
    return common;
  }
}
