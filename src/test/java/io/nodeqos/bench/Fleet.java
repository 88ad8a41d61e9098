// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.e2e.Api;
import io.nodeqos.realapi.ControlPlane;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plays the kubelets of one group of nodes. Thread-safe. */
final class Fleet {
  private static final int THREADS = 16;
  private static final Pattern VERSION = Pattern.compile("\"resourceVersion\":\"(\\d+)\"");
  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  private final Api api;
  private final Progress progress;
  private final String group;
  private final Map<Integer, String> versions = new ConcurrentHashMap<>();
  private volatile int size;

  private Fleet(Api api, Progress progress, String group) {
    this.api = api;
    this.progress = progress;
    this.group = group;
  }

  /**
   * A group without nodes.
   *
   * @param group its name, with which those of its nodes begin
   */
  static Fleet of(ControlPlane plane, Progress progress, String group) {
    return new Fleet(Api.admin(plane).accepting(METADATA_ONLY), progress, group);
  }

  String group() {
    return group;
  }

  /** With which the name of each node of this group begins, and of no other. */
  String prefix() {
    return group + "-";
  }

  String name(int number) {
    return "%s-%05d".formatted(group, number);
  }

  int size() {
    return size;
  }

  /** The resourceVersion of the node by the last answer to a request of this object's. */
  String version(int number) {
    return versions.get(number);
  }

  /** Registers nodes until there are so many, with the startup taint. */
  void grow(int to, boolean ready) throws InterruptedException {
    int from = size;
    AtomicInteger done = new AtomicInteger(from);
    progress.step("registering nodes of group " + group, () -> done.get() + "/" + to);
    Crew.each(THREADS, from, to, done, number -> register(number, ready));
    size = to;
  }

  /** Registers one node, which {@link #size} does not count. */
  void register(int number, boolean ready) {
    Api.Reply reply =
        api.post(
            "/api/v1/nodes?fieldManager=kubelet", NodeTemplate.json(name(number), group, ready));
    versions.put(number, version(reply.succeeded().body()));
  }

  /** Deletes one node. */
  void delete(int number) {
    api.accepting("application/json").delete("/api/v1/nodes/" + name(number)).succeeded();
    versions.remove(number);
  }

  /** The node becomes ready, by one write. */
  void becomeReady(int number) {
    patchStatus(number, NodeTemplate.status(true, "10:05:00"));
  }

  /** The node says that nothing has changed. */
  void heartbeat(int number, int turn) {
    patchStatus(number, NodeTemplate.heartbeat(turn));
  }

  private void patchStatus(int number, String body) {
    Api.Reply reply =
        api.strategic("/api/v1/nodes/" + name(number) + "/status?fieldManager=kubelet", body);
    versions.put(number, version(reply.succeeded().body()));
  }

  /** The first one in a reply: that of the object. */
  static String version(String reply) {
    Matcher version = VERSION.matcher(reply);
    if (!version.find()) {
      throw new IllegalStateException("no resourceVersion in " + reply);
    }
    return version.group(1);
  }

  /** Deletes all. */
  void remove() {
    progress.step("deleting nodes of group " + group);
    api.accepting("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
        .delete("/api/v1/nodes?labelSelector=" + NodeTemplate.GROUP + "%3D" + group)
        .succeeded();
    versions.clear();
    size = 0;
  }
}
