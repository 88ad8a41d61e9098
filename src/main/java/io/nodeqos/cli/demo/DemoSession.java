// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.cli.demo.cluster.DemoCluster;
import io.nodeqos.cli.demo.cluster.DemoPod;
import io.nodeqos.cli.demo.cluster.DemoPolicies;
import io.nodeqos.cli.demo.cluster.RunningParts;
import io.nodeqos.sim.fleet.Fleet;
import io.nodeqos.sim.fleet.FleetWatch;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The running parts of a demo: the embedded API, the controllers as processes of their own, the
 * fleet, and its observers. Closing it ends them in the reverse order, also from another thread and
 * while it is starting.
 */
final class DemoSession implements AutoCloseable {

  private static final Pattern ADMIN =
      Pattern.compile("Listening on (127\\.0\\.0\\.1:\\d+) for .*/snapshot");

  private final Path directory;
  private final NodeBoard board = new NodeBoard(TimeSource.system());
  private final DemoLeases leases = new DemoLeases();
  private final RunningParts parts = new RunningParts();
  private final List<ControllerProcess> controllers = new ArrayList<>();
  private Optional<DemoJaeger> jaeger = Optional.empty();

  /** {@code directory} takes the kubeconfig and the controllers' logs. */
  DemoSession(Path directory) {
    this.directory = directory;
  }

  /** The parts once all is started except the fleet. */
  static final class Started {
    private final DemoCluster cluster;
    private final Fleet fleet;

    Started(DemoCluster cluster, Fleet fleet) {
      this.cluster = cluster;
      this.fleet = fleet;
    }

    DemoCluster cluster() {
      return cluster;
    }

    Fleet fleet() {
      return fleet;
    }

    Expectation expectation() {
      return new Expectation(fleet.plan().members().size(), new HashSet<>(fleet.plan().stuck()));
    }

    Map<String, Integer> warmByPolicy() {
      return DemoPolicies.expectedWarm(fleet.plan());
    }
  }

  /** Starts all parts except the fleet. To be called once. */
  Started start(DemoOptions options) throws IOException, InterruptedException {
    return start(options, List.of());
  }

  /**
   * The same.
   *
   * @param jvmOptions additional ones for the controllers
   */
  Started start(DemoOptions options, List<String> jvmOptions)
      throws IOException, InterruptedException {
    DemoPolicies policies = DemoPolicies.read();
    DemoCluster cluster = parts.own(DemoCluster.start());
    Files.writeString(kubeconfig(), cluster.server().kubeconfig());
    cluster.prepare(policies.objects());
    if (options.jaeger().isPresent()) {
      jaeger = Optional.of(parts.own(DemoJaeger.start(options.jaeger().get(), directory)));
    }
    parts.own(new FleetWatch(cluster.admin(), DemoLeases.COLLECTION, leases)).start();
    for (int i = 0; i < options.replicas(); i++) {
      DemoPod pod = new DemoPod("node-qos-controller-" + i, UUID.randomUUID().toString());
      Path log = directory.resolve(pod.name() + ".log");
      controllers.add(
          parts.own(
              ControllerProcess.start(
                  pod.spec(kubeconfig(), log, options.replicas(), jaeger.map(DemoJaeger::collector))
                      .with(jvmOptions))));
    }
    parts.own(new FleetWatch(cluster.admin(), "/api/v1/nodes", board)).start();
    Fleet fleet =
        parts.own(
            Fleet.of(
                cluster.server().uri(),
                options.fleet(policies.imagesByPool()),
                TimeSource.system()));
    return new Started(cluster, fleet);
  }

  NodeBoard board() {
    return board;
  }

  DemoLeases leases() {
    return leases;
  }

  /** The address of the replica's operators' views; empty until it has logged it. */
  Optional<String> adminUrl(ControllerProcess controller) {
    try (Stream<String> lines = Files.lines(controller.log())) {
      return lines
          .map(ADMIN::matcher)
          .filter(Matcher::find)
          .map(line -> "http://" + line.group(1))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Empty without traces. */
  Optional<DemoJaeger> jaeger() {
    return jaeger;
  }

  /** True from the start of closing. */
  boolean isClosed() {
    return parts.isClosed();
  }

  Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  List<ControllerProcess> controllers() {
    return controllers;
  }

  @Override
  public void close() {
    parts.close();
  }
}
