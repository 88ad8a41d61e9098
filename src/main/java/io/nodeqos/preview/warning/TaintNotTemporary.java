// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.node.Keys;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.warning.Warning.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A startup taint whose prefix the provisioner of the nodes does not know by itself: unless it is
 * told, it takes the taint for permanent, and launches too many nodes or none.
 */
final class TaintNotTemporary implements WarningRule {
  /** Deprecated, and still known. A setting can allow it. */
  private static final String OLD_AUTOSCALER_PREFIX =
      "ignore-taint.cluster-autoscaler.kubernetes.io/";

  /** The provisioners, by the labels that their nodes carry. */
  private enum Provisioner {
    KARPENTER(
        "Karpenter",
        Set.of("karpenter.sh/nodepool", "karpenter.sh/provisioner-name"),
        Set.of("readiness.k8s.io/"),
        "unless the NodePool has it in startupTaints"),
    CLUSTER_AUTOSCALER(
        "the Cluster Autoscaler",
        Set.of(
            "cloud.google.com/gke-nodepool",
            "kubernetes.azure.com/agentpool",
            "eks.amazonaws.com/nodegroup"),
        Set.of(Keys.AUTOSCALER_STARTUP_TAINT_PREFIX, OLD_AUTOSCALER_PREFIX),
        "unless it runs with --startup-taint or --startup-taint-prefix, which GKE and AKS do not"
            + " allow; it knows the prefix "
            + Keys.AUTOSCALER_STARTUP_TAINT_PREFIX
            + " by itself");

    private final String title;
    private final Set<String> labels;
    private final Set<String> prefixes;
    private final String unless;

    Provisioner(String title, Set<String> labels, Set<String> prefixes, String unless) {
      this.title = title;
      this.labels = labels;
      this.prefixes = prefixes;
      this.unless = unless;
    }

    boolean provides(NodePreview node) {
      return labels.stream().anyMatch(node.seen().node().labels()::containsKey);
    }

    boolean knows(String taintKey) {
      return prefixes.stream().anyMatch(taintKey::startsWith);
    }
  }

  @Override
  public List<Warning> check(DecidedFleet fleet) {
    List<Warning> warnings = new ArrayList<>();
    for (NodeQoSPolicy policy : fleet.policies().inForce()) {
      DecidedFleet.warmUp(policy)
          .map(WarmUp::taintKey)
          .ifPresent(
              key -> {
                for (Provisioner provisioner : Provisioner.values()) {
                  List<NodePreview> nodes =
                      fleet.warmedUpBy(policy).stream().filter(provisioner::provides).toList();
                  if (!nodes.isEmpty() && !provisioner.knows(key)) {
                    warnings.add(warning(policy, key, provisioner, nodes));
                  }
                }
              });
    }
    return warnings;
  }

  private static Warning warning(
      NodeQoSPolicy policy, String key, Provisioner provisioner, List<NodePreview> nodes) {
    return Warning.of(
        Code.TAINT_NOT_TEMPORARY,
        policy.name(),
        key + " " + provisioner.title,
        DecidedFleet.names(nodes),
        "The startup taint "
            + key
            + " of "
            + DecidedFleet.these(nodes)
            + " is a permanent one for "
            + provisioner.title
            + ", "
            + provisioner.unless
            + ".");
  }
}
