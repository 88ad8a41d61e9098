// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import io.nodeqos.explain.PodTrouble;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.codec.DaemonSetCodec;
import io.nodeqos.kube.snapshot.PodStatusCodec.PodStatus;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.CsiNodeView;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.policy.spec.GateKind;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.policy.spec.WarmUp.GateSpec;
import io.nodeqos.policy.spec.WarmUp.ReservedPods;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.preview.ClusterSnapshot.Spinners;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads everything about one node with at most six requests, each only if a gate of the node or a
 * rollout needs it. For one thread.
 */
public final class NodeSnapshotReader {
  private final ListReader lists;
  private final Pauses pauses;
  private final Interning interning = new Interning();

  private NodeSnapshotReader(ListReader lists, Pauses pauses) {
    this.lists = lists;
    this.pauses = pauses;
  }

  public static NodeSnapshotReader of(ApiEndpoint client, Pauses pauses) {
    return new NodeSnapshotReader(ListReader.of(client, pauses, ListReader.Progress.NONE), pauses);
  }

  /**
   * Reads one node.
   *
   * @return empty when there is no such node
   * @throws SnapshotException when the node or the policies cannot be read
   */
  public Optional<Reading<NodeSnapshot>> read(String node, Controller controller)
      throws SnapshotException {
    Optional<NodeView> found =
        required(CacheSource.nodes(interning, Set.of()).named(node)).stream().findFirst();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new Run(found.get(), controller).read());
  }

  private final class Run {
    private final NodeView node;
    private final Controller controller;
    private final List<String> missing = new ArrayList<>();

    Run(NodeView node, Controller controller) {
      this.node = node;
      this.controller = controller;
    }

    Reading<NodeSnapshot> read() throws SnapshotException {
      Policies policies = policies();
      Optional<WarmUp> warmUp =
          FleetPlanner.catalog(policies).snapshot().compile(node).sections().warmUp();
      List<GateSpec> gates = warmUp.map(WarmUp::gates).orElse(List.of());
      Optional<List<PodStatus>> pods = warmUp.isEmpty() ? Optional.of(List.of()) : pods();
      ClusterSnapshot cluster =
          new ClusterSnapshot(
              pauses.time().wallTime(),
              controller,
              List.of(node),
              csiDrivers(gates),
              reserved(gates, pods),
              policies,
              new Spinners(List.of(), spinnerPods(pods)),
              Optional.empty());
      return new Reading<>(new NodeSnapshot(cluster, troubles(pods)), missing);
    }

    /** The stored versions are needed while the node may follow an earlier one. */
    private Policies policies() throws SnapshotException {
      List<PolicyObject> objects = required(CacheSource.policies());
      PolicySnapshot present = FleetPlanner.catalog(new Policies(objects, List.of())).snapshot();
      boolean isInRollout =
          present.inForce().stream()
              .filter(policy -> policy.selects(node))
              .anyMatch(policy -> present.rollout(policy.name()).isPresent());
      return new Policies(
          objects,
          isInRollout
              ? optional(
                      CacheSource.revisions(controller.namespace()),
                      "a node that follows an earlier version of a policy counts as frozen")
                  .orElse(List.of())
              : List.of());
    }

    private Optional<List<PodStatus>> pods() {
      return optional(
          new CacheSource<>(
              "pods",
              "",
              "/api/v1/pods",
              Map.of("fieldSelector", "spec.nodeName=" + node.name()),
              new PodStatusCodec(interning)),
          "the gates that wait for pods count as unknown");
    }

    private List<SpinnerPod> spinnerPods(Optional<List<PodStatus>> pods) {
      return pods.orElse(List.of()).stream()
          .map(PodStatus::spinner)
          .filter(p -> !p.policy().isEmpty())
          .filter(p -> p.meta().namespace().equals(controller.namespace()))
          .toList();
    }

    private Map<String, PodTrouble> troubles(Optional<List<PodStatus>> pods) {
      return pods.orElse(List.of()).stream()
          .filter(p -> !p.view().state().ready())
          .map(PodStatus::trouble)
          .collect(Collectors.toMap(t -> t.namespace() + "/" + t.name(), t -> t));
    }

    private Map<String, Set<String>> csiDrivers(List<GateSpec> gates) {
      if (gates.stream().noneMatch(gate -> gate.kind() == GateKind.CSI_DRIVER)) {
        return Map.of();
      }
      return optional(
              CacheSource.csiNodes(interning).named(node.name()),
              "the node counts as one without a CSI driver")
          .orElse(List.of())
          .stream()
          .collect(Collectors.toMap(CsiNodeView::name, CsiNodeView::drivers));
    }

    /** Whether a namespace is reserved is read off the condition of the node: one request less. */
    private Map<String, ReservedNamespace> reserved(
        List<GateSpec> gates, Optional<List<PodStatus>> pods) {
      Set<String> names = new TreeSet<>();
      for (GateSpec gate : gates) {
        if (gate instanceof ReservedPods reserved) {
          names.add(reserved.namespace());
        }
      }
      names.removeIf(this::isNotReserved);
      if (names.isEmpty()) {
        return Map.of();
      }
      Optional<List<DaemonSetView>> daemonSets = daemonSets(names);
      Map<String, ReservedNamespace> all = new HashMap<>();
      for (String name : names) {
        List<PodView> own =
            pods.orElse(List.of()).stream()
                .map(PodStatus::view)
                .filter(p -> p.namespace().equals(name))
                .toList();
        all.put(
            name,
            new ReservedNamespace(
                pods.isPresent() && daemonSets.isPresent(),
                own,
                daemonSets.orElse(List.of()).stream()
                    .filter(d -> d.namespace().equals(name))
                    .toList()));
      }
      return all;
    }

    private boolean isNotReserved(String namespace) {
      return node.condition(Keys.WARMED_UP_CONDITION)
          .filter(c -> !c.isTrue())
          .filter(c -> c.message().contains("namespace " + namespace + " is not reserved"))
          .isPresent();
    }

    private Optional<List<DaemonSetView>> daemonSets(Set<String> namespaces) {
      String consequence = "the gates that wait for their pods count as unknown";
      return optional(
          namespaces.size() == 1
              ? CacheSource.daemonSets(namespaces.iterator().next(), interning)
              : new CacheSource<>(
                  "daemonsets",
                  "",
                  "/apis/apps/v1/daemonsets",
                  Map.of(),
                  new DaemonSetCodec(interning)),
          consequence);
    }

    private <V> Optional<List<V>> optional(CacheSource<V> source, String consequence) {
      try {
        return Optional.of(lists.read(source));
      } catch (IOException e) {
        missing.add(
            "The "
                + source.describe()
                + " cannot be read ("
                + ApiRefusal.failureOf(e).message()
                + "): "
                + consequence
                + ".");
        return Optional.empty();
      }
    }
  }

  private <V> List<V> required(CacheSource<V> source) throws SnapshotException {
    try {
      return lists.read(source);
    } catch (IOException e) {
      ApiFailure why = ApiRefusal.failureOf(e);
      throw new SnapshotException(
          "The " + source.describe() + " cannot be read: " + why.message() + ".", why);
    }
  }
}
