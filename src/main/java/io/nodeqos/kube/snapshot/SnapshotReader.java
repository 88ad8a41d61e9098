// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.CsiNodeView;
import io.nodeqos.node.NamespaceView;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.preview.ClusterSnapshot.Spinners;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a cluster with the credentials of its user: each list page by page, and of each object only
 * what decisions depend on. A list that the user must not read is named in {@link Reading#missing}
 * where decisions without it still mean something. For one thread.
 */
public final class SnapshotReader {
  private final ListReader lists;
  private final SettingsFile settingsFile;
  private final Pauses pauses;

  private SnapshotReader(ListReader lists, SettingsFile settingsFile, Pauses pauses) {
    this.lists = lists;
    this.settingsFile = settingsFile;
    this.pauses = pauses;
  }

  /**
   * Creates a reader.
   *
   * @param api without a call timeout shorter than a long list
   */
  public static SnapshotReader of(ApiEndpoint api, Pauses pauses, ListReader.Progress progress) {
    return new SnapshotReader(
        ListReader.of(api, pauses, progress), new SettingsFile(api, pauses.time()), pauses);
  }

  /**
   * Finds the controller's settings. Those that its pods have as flags or in their environment are
   * not seen.
   *
   * @param namespace the controller's own
   * @throws SnapshotException when the server does not answer
   */
  public Reading<Controller> controller(String namespace) throws SnapshotException {
    Refusals refusals = new Refusals();
    Optional<String> settings = settingsFile.read(namespace, refusals);
    return new Reading<>(new Controller(namespace, settings), refusals.sentences());
  }

  /**
   * Reads the cluster.
   *
   * @throws SnapshotException when a list that everything depends on cannot be read
   */
  public Reading<ClusterSnapshot> read(Wanted wanted) throws SnapshotException {
    return new Run(wanted).read();
  }

  /**
   * Reads what pods of all namespaces request of extended resources: the longest list of a cluster.
   *
   * @return empty when the user must not read it
   * @throws SnapshotException when the server does not answer
   */
  public Reading<Optional<List<ExtendedRequest>>> extendedRequests() throws SnapshotException {
    Refusals refusals = new Refusals();
    Optional<List<ExtendedRequest>> requests = extendedRequests(new Interning(), refusals);
    return new Reading<>(requests, refusals.sentences());
  }

  private Optional<List<ExtendedRequest>> extendedRequests(Interning interning, Refusals refusals)
      throws SnapshotException {
    CacheSource<Optional<ExtendedRequest>> source = CacheSource.extendedRequests(interning);
    try {
      return Optional.of(
          lists.read(source, Optional::isPresent).stream().flatMap(Optional::stream).toList());
    } catch (IOException e) {
      refusals.goOnWithout(
          source.describe(), e, "the extended resources that running pods request are not known");
      return Optional.empty();
    }
  }

  private final class Run {
    private final Wanted wanted;
    private final String own;
    private final Interning interning = new Interning();
    private final Refusals refusals = new Refusals();

    Run(Wanted wanted) {
      this.wanted = wanted;
      this.own = wanted.controller().namespace();
    }

    Reading<ClusterSnapshot> read() throws SnapshotException {
      Instant takenAt = pauses.time().wallTime();
      List<PolicyObject> policies = policies();
      List<NodeView> nodes =
          required(CacheSource.nodes(interning, wanted.settings().extraAnnotations()));
      ClusterSnapshot snapshot =
          new ClusterSnapshot(
              takenAt,
              wanted.controller(),
              nodes,
              csiDrivers(),
              reserved(),
              new Policies(
                  policies,
                  orNone(
                      CacheSource.revisions(own),
                      "a policy that is not valid now counts as one that never was, and a node"
                          + " that follows an earlier version of a policy as frozen")),
              new Spinners(
                  orNone(CacheSource.spinners(own), "no image counts as being pulled"),
                  orNone(
                      CacheSource.spinnerPods(own, interning),
                      "images count as present only where the nodes' status lists them")),
              wanted.extendedRequests() ? extendedRequests(interning, refusals) : Optional.empty());
      return new Reading<>(snapshot, refusals.sentences());
    }

    private List<PolicyObject> policies() throws SnapshotException {
      try {
        return lists.read(CacheSource.policies());
      } catch (IOException e) {
        throw Refusals.ofPolicies(CacheSource.policies().describe(), e);
      }
    }

    private Map<String, Set<String>> csiDrivers() throws SnapshotException {
      return orNone(CacheSource.csiNodes(interning), "no node counts as one with a CSI driver")
          .stream()
          .collect(Collectors.toMap(CsiNodeView::name, CsiNodeView::drivers));
    }

    private Map<String, ReservedNamespace> reserved() throws SnapshotException {
      Map<String, ReservedNamespace> all = new HashMap<>();
      for (NamespaceView namespace : required(CacheSource.namespaces())) {
        String name = namespace.name();
        if (namespace.reserved() || wanted.settings().reservedNamespaces().contains(name)) {
          all.put(name, reserved(name));
        }
      }
      return all;
    }

    private ReservedNamespace reserved(String name) throws SnapshotException {
      String unknown = "the state of that namespace counts as unknown";
      int before = refusals.count();
      var pods = orNone(CacheSource.pods(name, interning), unknown);
      var daemonSets = orNone(CacheSource.daemonSets(name, interning), unknown);
      return new ReservedNamespace(refusals.count() == before, pods, daemonSets);
    }

    private <V> List<V> required(CacheSource<V> source) throws SnapshotException {
      try {
        return lists.read(source);
      } catch (IOException e) {
        throw Refusals.failure(source.describe(), e);
      }
    }

    private <V> List<V> orNone(CacheSource<V> source, String consequence) throws SnapshotException {
      try {
        return lists.read(source);
      } catch (IOException e) {
        refusals.goOnWithout(source.describe(), e, consequence);
        return List.of();
      }
    }
  }
}
