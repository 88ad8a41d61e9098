// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.report.Progress;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.realapi.ControlPlane;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A control plane with the manifests applied, an outside watch, the audit log, and the replicas
 * that a scenario starts. Used by one thread.
 */
public final class Rig implements AutoCloseable {
  private static final long LIMIT_SECONDS = 300;

  /** Slower than any machine that is worth measuring on. */
  private static final int MIN_WARM_PER_SECOND = 20;

  private static final long PAUSE_MILLIS = 50;
  private static final long RARE_PAUSE_MILLIS = 500;

  private final ControlPlane plane;
  private final Installation installation;
  private final AuditLog audit;
  private final Watcher watcher;
  private final Progress progress;
  private final List<Controller> controllers = new ArrayList<>();

  private Rig(
      ControlPlane plane,
      Installation installation,
      AuditLog audit,
      Watcher watcher,
      Progress progress) {
    this.plane = plane;
    this.installation = installation;
    this.audit = audit;
    this.watcher = watcher;
    this.progress = progress;
  }

  public static Rig start(Bench bench) throws InterruptedException {
    bench.progress().step("starting etcd and kube-apiserver");
    ControlPlane plane = bench.planes().get();
    try {
      Installation installation = Installation.apply(plane);
      return new Rig(
          plane, installation, AuditLog.from(plane), Watcher.start(plane), bench.progress());
    } catch (RuntimeException | Error e) {
      plane.close();
      throw e;
    }
  }

  public ControlPlane plane() {
    return plane;
  }

  public Installation installation() {
    return installation;
  }

  public AuditLog audit() {
    return audit;
  }

  public Watcher watcher() {
    return watcher;
  }

  /** What etcd and kube-apiserver have spent so far. */
  public ServerLook server() {
    return ServerLook.now(plane);
  }

  public Progress progress() {
    return progress;
  }

  public Api admin() {
    return Api.admin(plane);
  }

  /** A group of nodes, none so far. */
  public Fleet fleet(String group) {
    return Fleet.of(plane, progress, group);
  }

  /** The same, with nodes that differ in the label for which policies select them. */
  public Fleet fleet(String group, List<String> labels) {
    return Fleet.of(plane, progress, group, labels);
  }

  /** Starts one replica of a pod of its own. */
  public Controller start(ControllerJvm jvm, Map<String, String> settings) {
    return start(jvm, settings, plane.server());
  }

  /**
   * The same.
   *
   * @param server where it finds the API server
   */
  public Controller start(ControllerJvm jvm, Map<String, String> settings, URI server) {
    return startAgain(pod(), jvm, settings, server);
  }

  /** Makes a pod of the Deployment, without its process. */
  public Replica pod() {
    return installation.replica("bench-" + UUID.randomUUID().toString().substring(0, 6));
  }

  /** Starts the next container of a pod, or its first one. */
  public Controller startAgain(
      Replica replica, ControllerJvm jvm, Map<String, String> settings, URI server) {
    Controller controller =
        new Controller(
            replica, ControllerRun.start(plane, replica, server, settings, jvm.command()));
    controllers.add(controller);
    return controller;
  }

  /** Starts so many replicas and waits until all are ready and one leads, which is returned. */
  public Controller startReplicas(int count, Map<String, String> settings)
      throws InterruptedException {
    List<Controller> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(start(ControllerJvm.ofDeployment(), settings));
    }
    return awaitLeader(started);
  }

  /** Waits until all are ready and exactly one leads. */
  public Controller awaitLeader(List<Controller> all) throws InterruptedException {
    progress.step("waiting for a leader");
    await(
        "replica that leads, with all ready",
        () -> {
          all.stream().filter(c -> !c.run().isAlive()).findFirst().ifPresent(Rig::ended);
          return all.stream().allMatch(c -> c.run().isReady()) && leader(all).isPresent();
        });
    return leader(all).orElseThrow();
  }

  private static void ended(Controller controller) {
    throw new IllegalStateException("a replica has ended; its log: " + controller.run().log());
  }

  private static Optional<Controller> leader(List<Controller> all) {
    List<Controller> leaders = all.stream().filter(c -> c.run().leads()).toList();
    return leaders.size() == 1 ? Optional.of(leaders.get(0)) : Optional.empty();
  }

  /** The size of a node as the server sends it. */
  public long bytes(Fleet fleet) {
    return admin().get("/api/v1/nodes/" + fleet.name(0)).succeeded().body().length();
  }

  /** Waits until the watcher has seen each node of a group warm. */
  public void awaitWarm(Fleet fleet) throws InterruptedException {
    progress.step(
        "warming up group " + fleet.group(), () -> watcher.warm(fleet) + "/" + fleet.size());
    await(
        "group " + fleet.group() + " of warm nodes",
        fleet.size(),
        () -> watcher.warm(fleet) == fleet.size());
  }

  /** Waits, at most five minutes, and fails after them with what the replicas complained of. */
  public void await(String description, BooleanSupplier reached) throws InterruptedException {
    await(description, LIMIT_SECONDS, PAUSE_MILLIS, reached);
  }

  /** The same for what has to happen to so many nodes, which may take longer. */
  public void await(String description, int nodes, BooleanSupplier reached)
      throws InterruptedException {
    await(description, limit(nodes), PAUSE_MILLIS, reached);
  }

  /** The same, where each look is a large request. */
  public void awaitRarely(String description, int nodes, BooleanSupplier reached)
      throws InterruptedException {
    await(description, limit(nodes), RARE_PAUSE_MILLIS, reached);
  }

  private static long limit(int nodes) {
    return LIMIT_SECONDS + (long) nodes / MIN_WARM_PER_SECOND;
  }

  private void await(String description, long seconds, long pause, BooleanSupplier reached)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "no "
                + description
                + " within "
                + seconds
                + " s; the replicas said: "
                + controllers.stream().flatMap(c -> c.run().complaints().stream()).toList());
      }
      TimeUnit.MILLISECONDS.sleep(pause);
    }
  }

  /** Lets everything settle, so that what follows is measured alone. */
  public void settle(int seconds) throws InterruptedException {
    progress.step("letting things settle");
    TimeUnit.SECONDS.sleep(seconds);
  }

  /** Ends a replica and forgets its pod. */
  public void end(Controller controller) {
    controller.run().terminate();
    controllers.remove(controller);
    installation.remove(controller.replica());
  }

  @Override
  public void close() {
    progress.step("stopping etcd and kube-apiserver");
    controllers.forEach(Controller::close);
    watcher.close();
    plane.close();
  }
}
