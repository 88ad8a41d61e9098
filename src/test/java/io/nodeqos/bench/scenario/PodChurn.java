// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.ReadyFeed;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.e2e.rig.Api;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pods come and go on the nodes of a fleet, in reserved namespaces: each is made Pending, runs a
 * second later, and is deleted after five. Every other one is of a DaemonSet, the rest have no
 * owner and are in a namespace that the label makes a reserved one. Thread-safe.
 */
public final class PodChurn implements AutoCloseable {
  static final String APP = "churn";

  private static final String NAMESPACE = "bench-reserved";
  private static final int LIFE_SECONDS = 5;
  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  private final Api api;
  private final Fleet fleet;
  private final String daemonSet;
  private final int perSecond;
  private final Set<Integer> living = ConcurrentHashMap.newKeySet();
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicInteger first = new AtomicInteger();
  private volatile ReadyFeed feed;

  private PodChurn(Api api, Fleet fleet, String daemonSet, int perSecond) {
    this.api = api;
    this.fleet = fleet;
    this.daemonSet = daemonSet;
    this.perSecond = perSecond;
  }

  /** Makes the DaemonSet and the reserved namespace, and no pod yet. */
  static PodChurn prepare(Rig rig, Fleet fleet, int perSecond) {
    Api admin = rig.admin();
    admin
        .post(
            "/api/v1/namespaces",
            """
            {"metadata": {"name": "%s", "labels": {"nodeqos.io/reserved": "true"}}}"""
                .formatted(NAMESPACE))
        .succeeded();
    admin.defaultServiceAccount(NAMESPACE);
    admin.defaultServiceAccount(Workloads.NAMESPACE);
    String uid = Workloads.daemonSet(admin, APP);
    return new PodChurn(admin.accepting(METADATA_ONLY), fleet, uid, perSecond);
  }

  /** Begins, or goes on. */
  void begin() {
    feed = ReadyFeed.start(perSecond, Integer.MAX_VALUE, number -> step(first.get() + number));
  }

  /** Fails when one of the requests so far has failed. */
  void check() {
    int unused = feed.done();
  }

  /** Begins no more pods, and deletes those that are there. Events are counted until then. */
  int end() throws InterruptedException {
    first.addAndGet(feed.stop());
    for (int number : living.stream().sorted().toList()) {
      delete(number);
    }
    return events.getAndSet(0);
  }

  private void step(int number) {
    create(number);
    if (living.contains(number - perSecond)) {
      run(number - perSecond);
    }
    delete(number - LIFE_SECONDS * perSecond);
  }

  private static boolean isOfDaemonSet(int number) {
    return number % 2 == 0;
  }

  private static String pods(int number) {
    return "/api/v1/namespaces/"
        + (isOfDaemonSet(number) ? Workloads.NAMESPACE : NAMESPACE)
        + "/pods";
  }

  private static String name(int number) {
    return APP + "-" + number;
  }

  private void create(int number) {
    String owner =
        isOfDaemonSet(number)
            ? """
              , "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "%s",
                 "uid": "%s", "controller": true}]"""
                .formatted(APP, daemonSet)
            : "";
    api.post(
            pods(number),
            """
            {"metadata": {"name": "%1$s", "labels": {"k8s-app": "%2$s"}%3$s},
             "spec": {"nodeName": "%4$s", "tolerations": [{"operator": "Exists"}],
               "containers": [{"name": "c", "image": "i"}]}}"""
                .formatted(name(number), APP, owner, fleet.name(number % fleet.size())))
        .succeeded();
    events.incrementAndGet();
    living.add(number);
  }

  private void run(int number) {
    Api.Reply reply =
        api.strategic(
            pods(number) + "/" + name(number) + "/status",
            """
            {"status": {"phase": "Running",
              "conditions": [{"type": "PodScheduled", "status": "True"},
                {"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-02T09:00:00Z"}],
              "containerStatuses": [{"name": "c", "image": "i", "imageID": "", "ready": true,
                "restartCount": 0, "state": {"running": {"startedAt": "2026-11-02T09:00:00Z"}}}]}}""");
    // On a slow server its life may be over.
    if (reply.code() != 404) {
      reply.succeeded();
      events.incrementAndGet();
    }
  }

  private void delete(int number) {
    if (living.remove(number)) {
      api.delete(pods(number) + "/" + name(number) + "?gracePeriodSeconds=0").succeeded();
      events.incrementAndGet();
    }
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
    }
  }
}
