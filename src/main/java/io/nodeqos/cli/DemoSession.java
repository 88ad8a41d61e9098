// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.sim.Fleet;
import io.nodeqos.sim.FleetWatch;
import io.nodeqos.sim.RequestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The running parts of a demo: the embedded API, the controllers as processes of their own, the
 * fleet, and what looks on. Closing it ends them in the reverse order, also from another thread and
 * while it is starting.
 */
final class DemoSession implements AutoCloseable {

  private static final List<String> JVM_OPTIONS =
      List.of("-Dsun.net.httpserver.nodelay=true", "-XX:+ExitOnOutOfMemoryError");

  private static final int START_TRIES = 300;
  private static final long START_PAUSE_MILLIS = 100;

  private final Path folder;
  private final NodeBoard board = new NodeBoard(System::nanoTime);
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final List<ControllerProcess> controllers = new ArrayList<>();
  private volatile boolean closed;

  /** {@code folder} takes the kubeconfig and the controllers' logs. */
  DemoSession(Path folder) {
    this.folder = folder;
  }

  /** What is known once everything has started. */
  record Started(DemoCluster cluster, Fleet fleet) {
    Expectation expectation() {
      return new Expectation(fleet.plan().members().size(), new HashSet<>(fleet.plan().stuck()));
    }

    Map<String, Integer> warmByPolicy() {
      return DemoPolicies.expectedWarm(fleet.plan());
    }
  }

  /** To be called once. */
  Started start(DemoOptions options, int replicas) throws IOException, InterruptedException {
    DemoPolicies policies = DemoPolicies.read();
    DemoCluster cluster = own(DemoCluster.start());
    Files.writeString(kubeconfig(), cluster.server().kubeconfig());
    cluster.prepare(policies);
    for (int i = 0; i < replicas; i++) {
      controllers.add(own(ControllerProcess.start(controller(i))));
    }
    awaitControllers(cluster.server().requests());
    FleetWatch watch = own(new FleetWatch(cluster.admin(), "/api/v1/nodes", board));
    watch.start();
    Fleet fleet =
        own(
            Fleet.of(
                cluster.server().uri(), options.fleet(policies.imagesByPool()), Clock.systemUTC()));
    fleet.start();
    return new Started(cluster, fleet);
  }

  /**
   * Waits until a controller watches nodes, as it does in a cluster long before a node joins;
   * otherwise the times to warm would tell how fast a JVM starts. A controller that never does
   * shows later.
   */
  private void awaitControllers(RequestLog requests) throws InterruptedException {
    for (int i = 0; i < START_TRIES && !closed; i++) {
      boolean running = controllers.stream().anyMatch(one -> one.exitCode().isEmpty());
      if (!running || requests.all().stream().anyMatch(DemoLog::isControllersNodeWatch)) {
        return;
      }
      Thread.sleep(START_PAUSE_MILLIS);
    }
  }

  NodeBoard board() {
    return board;
  }

  /** True from the moment in which closing begins. */
  boolean isClosed() {
    return closed;
  }

  Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  List<ControllerProcess> controllers() {
    return controllers;
  }

  @Override
  public void close() {
    closed = true;
    closeAll();
  }

  private synchronized void closeAll() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        // The others must be ended all the same.
        System.err.println("demo: " + e);
      }
    }
  }

  private synchronized <T extends AutoCloseable> T own(T part) {
    running.push(part);
    if (closed) {
      closeAll();
      throw new IllegalStateException("asked to stop");
    }
    return part;
  }

  private ControllerProcess.Spec controller(int index) {
    String name = "node-qos-controller-" + index;
    return new ControllerProcess.Spec(
        name,
        JVM_OPTIONS,
        List.of(
            "io.nodeqos.Main",
            "controller",
            "--kubeconfig",
            kubeconfig().toString(),
            "--http-port",
            "0",
            "--admin-port",
            "0",
            "--exit-with-stdin"),
        Map.of(
            "POD_NAME",
            name,
            "POD_UID",
            UUID.randomUUID().toString(),
            "POD_NAMESPACE",
            DemoCluster.CONTROLLER_NAMESPACE),
        folder.resolve(name + ".log"));
  }
}
