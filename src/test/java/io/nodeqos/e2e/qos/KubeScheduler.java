// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.qos;

import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The stock scheduler, for pods that name it. It listens nowhere and ends with this JVM. */
final class KubeScheduler implements AutoCloseable {
  private final Process process;
  private final Path log;

  private KubeScheduler(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param schedulerName that of the pods, so that it leaves those of other tests alone
   */
  static KubeScheduler start(ControlPlane plane, String schedulerName) {
    try {
      Path directory = Files.createDirectories(Path.of("target", "e2e"));
      Path config = directory.resolve(schedulerName + ".scheduler.yaml");
      Files.writeString(
          config,
          """
          apiVersion: kubescheduler.config.k8s.io/v1
          kind: KubeSchedulerConfiguration
          clientConnection: {kubeconfig: "%s"}
          leaderElection: {leaderElect: false}
          profiles: [{schedulerName: "%s"}]
          """
              .formatted(plane.kubeconfig(), schedulerName));
      Path log = directory.resolve(schedulerName + ".scheduler.log");
      Process process =
          new ProcessBuilder(
                  plane.program("kube-scheduler").toString(),
                  "--config=" + config,
                  "--bind-address=127.0.0.1",
                  "--secure-port=0")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new KubeScheduler(process, log);
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

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
