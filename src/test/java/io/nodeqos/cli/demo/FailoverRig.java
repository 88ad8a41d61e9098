// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import com.google.gson.JsonParser;
import io.nodeqos.cli.demo.cluster.DemoCluster;
import io.nodeqos.cli.demo.cluster.DemoPod;
import io.nodeqos.sim.fleet.FleetWatch;
import io.nodeqos.sim.http.RequestLog.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A cluster with replicas of the controller as processes, and a stream of nodes to work on. */
final class FailoverRig implements AutoCloseable {

  static final Duration LEASE = DemoPod.ELECTION.leaseDuration();
  static final int REPLICAS = 3;

  private static final String POLICY =
      """
      {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy", "metadata": {"name": "all"},
       "spec": {"quota": {"classes": [{"name": "gold", "cpu": {"weight": 100}}]},
                "warmUp": {"taintKey": "nodeqos.io/warming-up", "nodeReady": {}}}}
      """;

  private final Clock clock = Clock.systemUTC();
  private final DemoLeases leases = new DemoLeases();
  private final List<Failover> failovers = new ArrayList<>();
  private final DemoCluster cluster;
  private final FleetWatch watch;
  private final ReplicaSet replicas;
  private final NodeStream nodes;

  /** How a leader ends. */
  enum End {
    SIGTERM,
    SIGKILL,
    /** Stopped for longer than the Lease is good, and continued. */
    SIGSTOP,
    /** Killed without another replica; a new container of the same pod follows. */
    RESTART
  }

  record Failover(End end, Instant at, DemoLeases.Held before) {}

  private FailoverRig(Path directory, DemoCluster cluster, Path kubeconfig) {
    this.cluster = cluster;
    this.watch = new FleetWatch(cluster.admin(), DemoLeases.COLLECTION, leases);
    this.replicas = new ReplicaSet(directory, kubeconfig);
    this.nodes = new NodeStream(cluster.admin());
  }

  static FailoverRig start(Path directory) throws IOException, InterruptedException {
    DemoCluster cluster = DemoCluster.start();
    cluster.prepare(List.of(JsonParser.parseString(POLICY).getAsJsonObject()));
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, cluster.server().kubeconfig());
    FailoverRig rig = new FailoverRig(directory, cluster, kubeconfig);
    rig.watch.start();
    rig.nodes.start();
    for (int i = 0; i < REPLICAS; i++) {
      rig.replicas.startPod();
    }
    return rig;
  }

  /** Ends the leader in this way, and waits until the next one has led and written. */
  void fail(End end) throws IOException, InterruptedException {
    ReplicaSet.Replica leader = end == End.RESTART ? aloneLeader() : leaderWithStandby();
    DemoLeases.Held before = leases.current().orElseThrow();
    Failover failover = new Failover(end, clock.instant(), before);
    failovers.add(failover);
    switch (end) {
      case SIGTERM -> leader.process().terminate();
      case SIGSTOP -> leader.signal("STOP");
      case SIGKILL, RESTART -> leader.process().kill();
    }
    if (end == End.RESTART) {
      replicas.start(leader.pod());
    } else if (end != End.SIGSTOP) {
      replicas.retire(leader);
      replicas.startPod();
    }
    await("the next leader after " + failover, () -> hasWritten(before.epoch() + 1));
    if (end == End.SIGSTOP) {
      Instant over = failover.at().plus(LEASE).plusSeconds(2);
      await("the end of the pause", () -> clock.instant().isAfter(over));
      leader.signal("CONT");
    }
  }

  /** Lets no more nodes join and waits until all are warm. */
  void finish() throws InterruptedException {
    nodes.stop();
    await(
        "all nodes to get warm",
        () -> {
          try {
            return nodes.waiting().isEmpty();
          } catch (IOException again) {
            return false;
          }
        });
  }

  /** The log of the API server, and the terms by it. */
  FailoverReport report() {
    DemoLog log = log();
    return new FailoverReport(
        List.copyOf(failovers),
        leases.seen(),
        LeaderTerms.of(leases.seen(), log.entries().leaseWrites()),
        log.entries(),
        requests());
  }

  DemoCluster cluster() {
    return cluster;
  }

  int nodes() {
    return nodes.size();
  }

  /** Until there is a leader, and a replica that saw it renew: that one must be in time. */
  private ReplicaSet.Replica leaderWithStandby() throws InterruptedException {
    await("a leader and a standby", () -> leader() != null && hasStandby());
    return leader();
  }

  private ReplicaSet.Replica aloneLeader() throws InterruptedException {
    await("a leader", () -> leader() != null && hasWritten(leases.current().get().epoch()));
    ReplicaSet.Replica leader = leader();
    replicas.closeAllBut(leader);
    return leader;
  }

  private ReplicaSet.Replica leader() {
    return leases.current().flatMap(held -> replicas.holding(held.holder())).orElse(null);
  }

  private boolean hasStandby() {
    Instant before = clock.instant().minus(DemoPod.ELECTION.retryPeriod().multipliedBy(2));
    String leader = leases.current().map(DemoLeases.Held::holder).orElse("");
    return replicas.alive().stream()
        .map(ReplicaSet.Replica::pod)
        .filter(pod -> !pod.holder().equals(leader))
        .anyMatch(
            pod ->
                requests().stream()
                    .filter(r -> r.verb().equals("watch") && r.resource().equals("leases"))
                    .filter(r -> r.userAgent().contains(pod.uid()))
                    .anyMatch(r -> r.received().isBefore(before)));
  }

  private boolean hasWritten(long epoch) {
    DemoLog.Entries log = log().entries();
    return LeaderTerms.of(leases.seen(), log.leaseWrites()).terms().stream()
        .filter(term -> term.epoch() >= epoch)
        .anyMatch(
            term ->
                log.writes().stream()
                    .anyMatch(
                        write ->
                            write.podUid().equals(term.podUid())
                                && write.target().isNode()
                                && write.received().isAfter(term.taken())));
  }

  private DemoLog log() {
    DemoLog log = new DemoLog(cluster.server().requests());
    log.read();
    return log;
  }

  private List<Request> requests() {
    return cluster.server().requests().all();
  }

  private static void await(String description, BooleanSupplier condition)
      throws InterruptedException {
    await(() -> description, condition);
  }

  private static void await(Supplier<String> description, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + description.get());
      }
      Thread.sleep(50);
    }
  }

  @Override
  public void close() {
    nodes.close();
    replicas.close();
    watch.close();
    cluster.close();
  }
}
