// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import io.nodeqos.bench.report.Progress;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.realapi.ControlPlane;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plays the kubelets of one group of nodes. Thread-safe. */
public final class Fleet {
  private static final int THREADS = 16;
  private static final Pattern VERSION = Pattern.compile("\"resourceVersion\":\"(\\d+)\"");
  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  private final Api api;
  private final Progress progress;
  private final String group;
  private final List<String> labels;
  private final Map<Integer, String> versions = new ConcurrentHashMap<>();
  private volatile int size;

  private Fleet(Api api, Progress progress, String group, List<String> labels) {
    this.api = api;
    this.progress = progress;
    this.group = group;
    this.labels = labels;
  }

  /**
   * A group without nodes.
   *
   * @param group its name, with which those of its nodes begin
   */
  public static Fleet of(ControlPlane plane, Progress progress, String group) {
    return of(plane, progress, group, List.of(group));
  }

  /**
   * A group without nodes, whose nodes differ in the label for which policies select them.
   *
   * @param labels its values, which the nodes get in turns
   */
  public static Fleet of(ControlPlane plane, Progress progress, String group, List<String> labels) {
    return new Fleet(Api.admin(plane).accepting(METADATA_ONLY), progress, group, labels);
  }

  public String group() {
    return group;
  }

  /** With which the name of each node of this group begins, and of no other. */
  public String prefix() {
    return group + "-";
  }

  public String name(int number) {
    return "%s-%05d".formatted(group, number);
  }

  /** The value of the label of a node. */
  public String label(int number) {
    return labels.get(number % labels.size());
  }

  public int size() {
    return size;
  }

  /** The resourceVersion of the node by the last answer to a request of this object's. */
  public String version(int number) {
    return versions.get(number);
  }

  /** Registers nodes until there are so many, with the startup taint. */
  public void grow(int to, boolean ready) throws InterruptedException {
    int from = size;
    AtomicInteger done = new AtomicInteger(from);
    progress.step("registering nodes of group " + group, () -> done.get() + "/" + to);
    Crew.each(THREADS, from, to, done, number -> register(number, ready));
    size = to;
  }

  /** Registers one node, which {@link #size} does not count. */
  public void register(int number, boolean ready) {
    Api.Reply reply =
        api.post(
            "/api/v1/nodes?fieldManager=kubelet",
            NodeTemplate.json(name(number), label(number), ready));
    versions.put(number, version(reply.succeeded().body()));
  }

  public boolean exists(int number) {
    int code = api.get("/api/v1/nodes/" + name(number)).code();
    if (code != 200 && code != 404) {
      throw new AssertionError("HTTP " + code);
    }
    return code == 200;
  }

  /** Deletes one node. */
  public void delete(int number) {
    api.accepting("application/json").delete("/api/v1/nodes/" + name(number)).succeeded();
    versions.remove(number);
  }

  /** The node becomes ready, by one write. */
  public void becomeReady(int number) {
    patchStatus(number, NodeTemplate.status(true, "10:05:00"));
  }

  /** The node says that nothing has changed. */
  public void heartbeat(int number, int turn) {
    patchStatus(number, NodeTemplate.heartbeat(turn));
  }

  private void patchStatus(int number, String body) {
    Api.Reply reply =
        api.strategic("/api/v1/nodes/" + name(number) + "/status?fieldManager=kubelet", body);
    versions.put(number, version(reply.succeeded().body()));
  }

  /** The first one in a reply: that of the object. */
  public static String version(String reply) {
    Matcher version = VERSION.matcher(reply);
    if (!version.find()) {
      throw new IllegalStateException("no resourceVersion in " + reply);
    }
    return version.group(1);
  }

  /** Deletes all. */
  public void remove() {
    progress.step("deleting nodes of group " + group);
    api.accepting("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
        .delete(
            "/api/v1/nodes?labelSelector="
                + URLEncoder.encode(
                    NodeTemplate.GROUP + " in (" + String.join(",", labels) + ")",
                    StandardCharsets.UTF_8))
        .succeeded();
    versions.clear();
    size = 0;
  }
}
