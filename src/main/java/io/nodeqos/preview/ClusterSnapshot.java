// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview;

import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All objects of a cluster that decisions depend on, each list at one moment.
 *
 * @param controller the installation of the controller that the snapshot was taken for
 * @param nodes all nodes of the cluster
 * @param csiDrivers of the nodes that have a CSINode, by node name
 * @param reserved the reserved namespaces, by name
 * @param extendedRequests of pods in all namespaces; empty when they were not read
 */
public record ClusterSnapshot(
    Instant takenAt,
    Controller controller,
    List<NodeView> nodes,
    Map<String, Set<String>> csiDrivers,
    Map<String, ReservedNamespace> reserved,
    Policies policies,
    Spinners spinners,
    Optional<List<ExtendedRequest>> extendedRequests) {

  /**
   * An installation of the controller.
   *
   * @param namespace the namespace of its own objects
   * @param settings the file of its settings (YAML); empty when it has none, or it was not read
   */
  public record Controller(String namespace, Optional<String> settings) {}

  /**
   * One reserved namespace.
   *
   * @param readable false when its objects could not be read: then its lists prove nothing
   */
  public record ReservedNamespace(
      boolean readable, List<PodView> pods, List<DaemonSetView> daemonSets) {
    public ReservedNamespace {
      pods = List.copyOf(pods);
      daemonSets = List.copyOf(daemonSets);
    }
  }

  /** The policies, and the revisions that the controller has stored of them. */
  public record Policies(List<PolicyObject> objects, List<PolicyRevision> revisions) {
    public static final Policies NONE = new Policies(List.of(), List.of());

    public Policies {
      objects = List.copyOf(objects);
      revisions = List.copyOf(revisions);
    }
  }

  /** The DaemonSets that pull images, and their pods. */
  public record Spinners(List<SpinnerDaemonSet> daemonSets, List<SpinnerPod> pods) {
    public static final Spinners NONE = new Spinners(List.of(), List.of());

    public Spinners {
      daemonSets = List.copyOf(daemonSets);
      pods = List.copyOf(pods);
    }
  }

  /**
   * A pod that runs on a node and requests extended resources of this controller ({@link
   * io.nodeqos.node.Keys#PREFIX}).
   *
   * @param requests by resource name
   */
  public record ExtendedRequest(
      String namespace, String pod, String node, Map<String, Quantity> requests) {
    public ExtendedRequest {
      requests = Map.copyOf(requests);
    }
  }

  public ClusterSnapshot {
    nodes = List.copyOf(nodes);
    csiDrivers = Map.copyOf(csiDrivers);
    reserved = Map.copyOf(reserved);
    extendedRequests = extendedRequests.map(List::copyOf);
  }

  /** The same cluster with other policies. */
  public ClusterSnapshot withPolicies(Policies other) {
    return new ClusterSnapshot(
        takenAt, controller, nodes, csiDrivers, reserved, other, spinners, extendedRequests);
  }
}
