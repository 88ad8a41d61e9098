// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Crew;
import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.report.Progress;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.e2e.rig.Api;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rest of a cluster around some nodes: DaemonSets of a reserved namespace with a pod on each
 * node, CSINodes, and a tenant on each node that requests an extended resource. Plays the
 * controllers and kubelets that make them.
 */
public final class Workloads {
  public static final String NAMESPACE = "kube-system";
  public static final String AGENT = "agent";
  public static final String CSI = "csi-node";
  public static final String CSI_DRIVER = "csi.example.com";

  private static final int THREADS = 16;
  private static final String TENANTS = "default";
  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  private final Api api;
  private final Progress progress;
  private final Map<String, String> uids;

  private Workloads(Api api, Progress progress, Map<String, String> uids) {
    this.api = api;
    this.progress = progress;
    this.uids = uids;
  }

  /** Makes the DaemonSets. */
  public static Workloads create(Rig rig) throws InterruptedException {
    Api admin = rig.admin();
    for (String namespace : List.of(NAMESPACE, TENANTS)) {
      rig.await(
          "ServiceAccount, which no controller makes here",
          () -> hasServiceAccount(admin, namespace));
    }
    Map<String, String> uids = new TreeMap<>();
    for (String app : List.of(AGENT, CSI)) {
      uids.put(app, daemonSet(admin, app));
    }
    return new Workloads(admin.accepting(METADATA_ONLY), rig.progress(), Map.copyOf(uids));
  }

  /** Makes a DaemonSet that would place a pod on each node; returns its UID. */
  static String daemonSet(Api admin, String app) {
    return admin
        .post(
            "/apis/apps/v1/namespaces/" + NAMESPACE + "/daemonsets",
            """
            {"metadata": {"name": "%1$s"},
             "spec": {"selector": {"matchLabels": {"k8s-app": "%1$s"}},
               "template": {"metadata": {"labels": {"k8s-app": "%1$s"}},
                 "spec": {"tolerations": [{"operator": "Exists"}],
                   "containers": [{"name": "%1$s", "image": "i"}]}}}}"""
                .formatted(app))
        .succeeded()
        .json()
        .getAsJsonObject("metadata")
        .get("uid")
        .getAsString();
  }

  /** Once the namespace is there. */
  private static boolean hasServiceAccount(Api admin, String namespace) {
    int code =
        admin
            .post(
                "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                "{\"metadata\": {\"name\": \"default\"}}")
            .code();
    return code == 201 || code == 409;
  }

  /**
   * Makes the objects of each node of a group.
   *
   * @param agents whether the pods of the agent become Ready; else their containers crash
   */
  public void on(Fleet fleet, boolean agents) throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    progress.step("making pods of group " + fleet.group(), () -> done.get() + "/" + fleet.size());
    Crew.each(
        THREADS,
        0,
        fleet.size(),
        done,
        number -> {
          String node = fleet.name(number);
          csiNode(node);
          pod(CSI, node, true);
          pod(AGENT, node, agents);
          tenant(node);
        });
  }

  private void csiNode(String node) {
    api.post(
            "/apis/storage.k8s.io/v1/csinodes",
            """
            {"metadata": {"name": "%1$s"}, "spec": {"drivers": [
              {"name": "%2$s", "nodeID": "i-%1$s", "topologyKeys": []}]}}"""
                .formatted(node, CSI_DRIVER))
        .succeeded();
  }

  private void pod(String app, String node, boolean ready) {
    String pods = "/api/v1/namespaces/" + NAMESPACE + "/pods";
    api.post(
            pods,
            """
            {"metadata": {"name": "%1$s-%2$s", "labels": {"k8s-app": "%1$s"},
               "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "%1$s",
                 "uid": "%3$s", "controller": true}]},
             "spec": {"nodeName": "%2$s", "tolerations": [{"operator": "Exists"}],
               "containers": [{"name": "%1$s", "image": "i"}]}}"""
                .formatted(app, node, uids.get(app)))
        .succeeded();
    api.strategic(
            pods + "/" + app + "-" + node + "/status",
            """
            {"status": {"phase": "Running",
              "conditions": [{"type": "PodScheduled", "status": "True"},
                {"type": "Ready", "status": "%2$s", "lastTransitionTime": "2026-11-02T09:00:00Z"}],
              "containerStatuses": [{"name": "%1$s", "image": "i", "imageID": "", "ready": %3$s,
                "restartCount": %4$d, "state": %5$s}]}}"""
                .formatted(
                    app,
                    ready ? "True" : "False",
                    ready,
                    ready ? 0 : 7,
                    ready
                        ? "{\"running\": {\"startedAt\": \"2026-11-02T09:00:00Z\"}}"
                        : "{\"waiting\": {\"reason\": \"CrashLoopBackOff\"}}"))
        .succeeded();
  }

  private void tenant(String node) {
    api.post(
            "/api/v1/namespaces/" + TENANTS + "/pods",
            """
            {"metadata": {"name": "tenant-%1$s"},
             "spec": {"nodeName": "%1$s", "containers": [{"name": "c", "image": "i",
               "resources": {"limits": {"nodeqos.io/gold-cpu": "1000"}}}]}}"""
                .formatted(node))
        .succeeded();
  }
}
