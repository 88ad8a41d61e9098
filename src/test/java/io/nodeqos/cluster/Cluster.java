// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/**
 * A running cluster of three nodes, {@code node1} to {@code node3}, with containers. It ends with
 * this JVM, however that ends.
 */
final class Cluster implements AutoCloseable {
  private final Path data;

  private Cluster(Path data) {
    this.data = data;
  }

  /**
   * Starts one.
   *
   * @param options of {@code hack/cluster up}
   */
  static Cluster start(String... options) {
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Path data = Files.createTempDirectory(target, "cluster-").toAbsolutePath();
      Cluster cluster = new Cluster(data);
      List<String> up = new ArrayList<>(List.of(options));
      up.addAll(List.of("--owner", Long.toString(ProcessHandle.current().pid())));
      cluster.run("up", up.toArray(String[]::new)).succeeded();
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Command run(String command, String... arguments) {
    return runWith("", command, arguments);
  }

  private Command runWith(String input, String command, String... arguments) {
    List<String> line =
        new ArrayList<>(List.of(Programs.script("cluster"), command, "--dir", data.toString()));
    line.addAll(List.of(arguments));
    return Command.run(line, input);
  }

  /** Runs kubectl as the administrator. */
  Command kubectl(String... arguments) {
    return run("kubectl", arguments);
  }

  /** Applies these objects. */
  void apply(String yaml) {
    runWith(yaml, "kubectl", "apply", "--server-side", "-f", "-").succeeded();
  }

  /** An object, or a list of them. */
  JsonObject get(String... arguments) {
    List<String> line = new ArrayList<>(List.of("get", "-o", "json"));
    line.addAll(List.of(arguments));
    return JsonParser.parseString(kubectl(line.toArray(String[]::new)).succeeded().out())
        .getAsJsonObject();
  }

  /** The objects of a list. */
  static List<JsonObject> items(JsonObject list) {
    List<JsonObject> items = new ArrayList<>();
    list.getAsJsonArray("items").forEach(item -> items.add(item.getAsJsonObject()));
    return items;
  }

  /** The status of a pod's first container. */
  static JsonObject containerStatus(JsonObject pod) {
    return pod.getAsJsonObject("status")
        .getAsJsonArray("containerStatuses")
        .get(0)
        .getAsJsonObject();
  }

  /** Since when the object has a condition, which must be True. */
  static Instant conditionSince(JsonObject object, String type) {
    for (JsonElement each : object.getAsJsonObject("status").getAsJsonArray("conditions")) {
      JsonObject condition = each.getAsJsonObject();
      if (condition.get("type").getAsString().equals(type)) {
        Assertions.assertEquals("True", condition.get("status").getAsString(), object::toString);
        return Instant.parse(condition.get("lastTransitionTime").getAsString());
      }
    }
    return Assertions.fail("no condition " + type + ": " + object);
  }

  /**
   * Does something to the machine of a node.
   *
   * @param name {@code node1}, ...
   * @param action {@code off}, {@code on}, ...: those of {@code hack/cluster node}
   */
  void node(String name, String action) {
    run("node", name.replaceFirst("^node", ""), action).succeeded();
  }

  /** Kills kube-apiserver and starts it again. */
  void restartApi() {
    run("api", "off").succeeded();
    run("api", "on").succeeded();
  }

  /**
   * Sends a signal to the processes of a pod.
   *
   * @param signal such as {@code KILL}
   */
  void signal(String namespace, String pod, String signal) {
    run("signal", namespace + "/" + pod, signal).succeeded();
  }

  /** Asks the API to evict a pod; returns nothing, or the reason of a refusal. */
  String evict(String namespace, String pod) {
    Command asked =
        runWith(
            """
            {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "%s"}}"""
                .formatted(pod),
            "kubectl",
            "create",
            "--raw",
            "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/eviction",
            "-f",
            "-");
    return asked.code() == 0 ? "" : asked.error();
  }

  /** Takes all pods but those of DaemonSets off a node, which then takes no new ones. */
  void drain(String node) {
    kubectl(
            "drain",
            node,
            "--ignore-daemonsets",
            "--delete-emptydir-data",
            "--force",
            "--timeout=90s")
        .succeeded();
  }

  /** Of all objects, such as {@code pods} or {@code deployments.apps}. */
  List<String> kinds() {
    return kubectl("api-resources", "--verbs=list", "-o", "name")
        .succeeded()
        .out()
        .strip()
        .lines()
        .toList();
  }

  /** Puts the image of a tar into the registry and returns its name with digest. */
  String load(Path tar, String name) {
    return run("load", tar.toString(), name).succeeded().out().strip();
  }

  /** Runs the demo, which installs the controller, the agent of each node, tenants and a policy. */
  void demo(ControllerImage controller) {
    run("demo", "--image", controller.tar().toString()).succeeded();
  }

  /** The kustomization by which the demo has installed the controller. */
  Path kustomization() {
    return data.resolve("demo");
  }

  /** Of the administrator. */
  Path kubeconfig() {
    return data.resolve("kubeconfig");
  }

  /** The requests that the API server has answered. */
  AuditLog audit() {
    return AuditLog.whole(data.resolve("control-plane/audit.log"));
  }

  /** Ends all processes and removes the data. */
  @Override
  public void close() {
    run("down").succeeded();
  }
}
