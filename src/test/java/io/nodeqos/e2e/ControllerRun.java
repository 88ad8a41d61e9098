// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e;

import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The controller as a process, that of one replica. It ends with this JVM, however that ends. */
final class ControllerRun implements AutoCloseable {
  private final Process process;
  private final Path log;

  private ControllerRun(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static ControllerRun start(ControlPlane plane, Replica replica) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "e2e"));
      Path kubeconfig = folder.resolve(replica.name() + ".kubeconfig");
      Files.writeString(
          kubeconfig, Files.readString(plane.kubeconfig()).replace(plane.token(), replica.token()));
      Path log = folder.resolve(replica.name() + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx307m",
                  "-Dsun.net.httpserver.nodelay=true",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "io.nodeqos.Main",
                  "controller",
                  "--kubeconfig",
                  kubeconfig.toString(),
                  "--exit-with-stdin")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "POD_NAME",
                  replica.name(),
                  "POD_UID",
                  replica.uid(),
                  "POD_NAMESPACE",
                  Installation.NAMESPACE,
                  "NODEQOS_HTTP_PORT",
                  "0",
                  "NODEQOS_HTTP_ADMINPORT",
                  "0"));
      return new ControllerRun(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM, as at the end of a pod; returns the exit code. */
  int terminate() {
    process.toHandle().destroy();
    return await();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  private int await() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("it does not end; its log: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  /** All lines of the log that say WARN or ERROR. */
  List<String> complaints() {
    return log().lines().filter(line -> line.contains("WARN") || line.contains("ERROR")).toList();
  }
}
