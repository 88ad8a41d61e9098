// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.cli.demo.cluster.DemoPod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Replicas of the controller as processes, each with a log file of its own. */
final class ReplicaSet implements AutoCloseable {

  private static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

  private final Path directory;
  private final Path kubeconfig;
  private final List<Replica> started = new ArrayList<>();
  private final Set<Replica> retired = new HashSet<>();

  record Replica(DemoPod pod, ControllerProcess process) {

    boolean isAlive() {
      return process.exitCode().isEmpty();
    }

    /** {@code STOP} or {@code CONT}, for which Java has no method. */
    void signal(String name) throws IOException, InterruptedException {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IOException("cannot send SIG" + name + " to process " + process.pid());
      }
    }
  }

  ReplicaSet(Path directory, Path kubeconfig) {
    this.directory = directory;
    this.kubeconfig = kubeconfig;
  }

  /** A replica of a new pod. */
  Replica startPod() throws IOException {
    String name = "node-qos-controller-" + started.size();
    return start(new DemoPod(name, UUID.randomUUID().toString()));
  }

  /** A container of this pod: also of one whose container has ended. */
  Replica start(DemoPod pod) throws IOException {
    Path log = directory.resolve("replica-" + started.size() + ".log");
    ControllerProcess.Spec spec = pod.spec(kubeconfig, log, 1, Optional.empty());
    List<String> jvmOptions = new ArrayList<>(spec.jvmOptions());
    jvmOptions.addAll(QUICK_START);
    Replica replica =
        new Replica(
            pod,
            ControllerProcess.start(
                new ControllerProcess.Spec(
                    spec.name(), jvmOptions, spec.command(), spec.env(), log)));
    started.add(replica);
    return replica;
  }

  /** Those that run and are meant to go on. */
  List<Replica> alive() {
    return started.stream().filter(one -> one.isAlive() && !retired.contains(one)).toList();
  }

  /** It is about to end: no standby any more, although it may still be there for a while. */
  void retire(Replica replica) {
    retired.add(replica);
  }

  Optional<Replica> holding(String holder) {
    return alive().stream().filter(one -> one.pod().holder().equals(holder)).findFirst();
  }

  /** Ends those that do not hold the Lease. */
  void closeAllBut(Replica leader) {
    alive().stream().filter(one -> one != leader).forEach(one -> one.process().close());
  }

  @Override
  public void close() {
    started.forEach(one -> one.process().close());
  }
}
