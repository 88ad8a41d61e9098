// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import io.kubernetes.client.openapi.ApiClient;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.client.KubeSettings;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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
   * @param client without a call timeout shorter than a long list
   */
  public static SnapshotReader of(ApiClient client, Pauses pauses, ListReader.Progress progress) {
    ApiEndpoint api = new ApiEndpoint(client);
    return new SnapshotReader(
        new ListReader(api, KubeSettings.defaults().cache(), pauses, progress),
        new SettingsFile(api, pauses.time()),
        pauses);
  }

  /**
   * Finds the controller's settings. Those that its pods have as flags or in their environment are
   * not seen.
   *
   * @param namespace the controller's own
   * @throws SnapshotException when the server does not answer
   */
  public Reading<Controller> controller(String namespace) throws SnapshotException {
    List<String> missing = new ArrayList<>();
    Optional<String> settings = Optional.empty();
    try {
      settings = settingsFile.read(namespace);
    } catch (IOException e) {
      ApiFailure why = ApiRefusal.failureOf(e);
      if (why.code() == 404) {
        missing.add(
            SettingsFile.describe(namespace)
                + " does not exist: all settings of the controller count as their defaults.");
      } else {
        missing.add(
            goOnWithout(
                SettingsFile.describe(namespace),
                why,
                "all settings of the controller count as their defaults"));
      }
    }
    return new Reading<>(new Controller(namespace, settings), missing);
  }

  /**
   * Reads the cluster.
   *
   * @throws SnapshotException when a list that everything depends on cannot be read
   */
  public Reading<ClusterSnapshot> read(Wanted wanted) throws SnapshotException {
    return new Run(wanted).read();
  }

  private static SnapshotException failure(String list, ApiFailure why) {
    return new SnapshotException("The " + list + " cannot be read: " + why.message() + ".", why);
  }

  /**
   * The sentence for a list that the server refuses to this user.
   *
   * @throws SnapshotException for any other failure
   */
  private static String goOnWithout(String list, ApiFailure why, String consequence)
      throws SnapshotException {
    if (why.code() != 403) {
      throw failure(list, why);
    }
    return "The " + list + " cannot be read (" + why.message() + "): " + consequence + ".";
  }

  private final class Run {
    private final Wanted wanted;
    private final String own;
    private final Interning interning = new Interning();
    private final List<String> missing = new ArrayList<>();

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
                      "a policy that is not valid now counts as one that never was")),
              new Spinners(
                  orNone(CacheSource.spinners(own), "no image counts as being pulled"),
                  orNone(
                      CacheSource.spinnerPods(own, interning),
                      "images count as present only where the nodes' status lists them")),
              extendedRequests());
      return new Reading<>(snapshot, missing);
    }

    private List<PolicyObject> policies() throws SnapshotException {
      try {
        return lists.read(CacheSource.policies());
      } catch (IOException e) {
        ApiFailure why = ApiRefusal.failureOf(e);
        if (why.code() == 404) {
          throw new SnapshotException(
              "This cluster has no NodeQoSPolicies: the CustomResourceDefinition"
                  + " nodeqospolicies.nodeqos.io (manifests/crd.yaml) is not installed.",
              why);
        }
        throw failure(CacheSource.policies().describe(), why);
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
      int before = missing.size();
      var pods = orNone(CacheSource.pods(name, interning), unknown);
      var daemonSets = orNone(CacheSource.daemonSets(name, interning), unknown);
      return new ReservedNamespace(missing.size() == before, pods, daemonSets);
    }

    private Optional<List<ExtendedRequest>> extendedRequests() throws SnapshotException {
      if (!wanted.extendedRequests()) {
        return Optional.empty();
      }
      String unknown = "the extended resources that running pods request are not known";
      int before = missing.size();
      List<ExtendedRequest> requests =
          orNone(CacheSource.extendedRequests(interning), Optional::isPresent, unknown).stream()
              .flatMap(Optional::stream)
              .toList();
      return missing.size() == before ? Optional.of(requests) : Optional.empty();
    }

    private <V> List<V> required(CacheSource<V> source) throws SnapshotException {
      try {
        return lists.read(source);
      } catch (IOException e) {
        throw failure(source.describe(), ApiRefusal.failureOf(e));
      }
    }

    private <V> List<V> orNone(CacheSource<V> source, String consequence) throws SnapshotException {
      return orNone(source, view -> true, consequence);
    }

    private <V> List<V> orNone(CacheSource<V> source, Predicate<V> keep, String consequence)
        throws SnapshotException {
      try {
        return lists.read(source, keep);
      } catch (IOException e) {
        missing.add(goOnWithout(source.describe(), ApiRefusal.failureOf(e), consequence));
        return List.of();
      }
    }
  }
}
