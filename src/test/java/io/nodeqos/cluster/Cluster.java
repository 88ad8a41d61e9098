// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A running cluster of three nodes, {@code node1} to {@code node3}, with containers. It ends with
 * this JVM, however that ends.
 */
final class Cluster implements AutoCloseable {
  private final Path data;

  private Cluster(Path data) {
    this.data = data;
  }

  static Cluster start() {
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Path data = Files.createTempDirectory(target, "cluster-").toAbsolutePath();
      Cluster cluster = new Cluster(data);
      cluster.run("up", "--owner", Long.toString(ProcessHandle.current().pid())).succeeded();
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

  /**
   * Does something to the machine of a node.
   *
   * @param name {@code node1}, ...
   * @param action {@code off}, {@code on}, {@code reboot} or {@code wipe}
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

  /** Puts the image of a tar into the registry and returns its name with digest. */
  String load(Path tar, String name) {
    return run("load", tar.toString(), name).succeeded().out().strip();
  }

  /** Ends all processes and removes the data. */
  @Override
  public void close() {
    run("down").succeeded();
  }
}
