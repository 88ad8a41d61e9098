// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.elector.ElectedLeadership;
import io.nodeqos.fixture.TcpProxy;
import io.nodeqos.kube.RecordingListener;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.LeaseClients;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.lease.LeaseClient;
import io.nodeqos.telemetry.metrics.InformerMetrics;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader whose connections break, over real sockets; only quiet spells are cut short. */
class ResetConnectionsTest {
  /** A leader steps down when a cache is cut off for so long. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Duration QUIET = Duration.ofSeconds(200);

  @TempDir Path directory;

  private final SimCluster api = new SimCluster();
  private final TcpProxy proxy = TcpProxy.to(api.server.uri());
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong terms = new AtomicLong();
  private KubeCluster cluster;
  private Leadership leadership;

  @BeforeEach
  void lead() throws InterruptedException {
    api.installPolicyDefinition();
    api.node("n0");
    cluster =
        new KubeCluster(
            TestClients.watch(directory, proxy.address().toString()),
            TestClients.settings(Duration.ofMinutes(5)),
            new InformerMetrics(),
            "nodeqos-system",
            new Pauses(
                TimeSource.of(Clock.systemUTC(), () -> System.nanoTime() + skipped.get()),
                time -> Thread.sleep(time.toMillis()),
                () -> 0.5));
    cluster.start(new RecordingListener());
    assertTrue(cluster.awaitSynced(Duration.ofSeconds(30)));
    ElectionSettings election = ElectionSettings.defaults();
    leadership =
        ElectedLeadership.of(
            election,
            "pod-a_1",
            new LeaseClient(
                LeaseClients.client(proxy.address(), election.leaseCallTimeout(), directory),
                "default",
                election.leaseName()),
            cluster.health()::catchUp);
    leadership.addListener(
        new LeadershipListener() {
          @Override
          public void leading(LeaderTerm term) {
            terms.incrementAndGet();
          }

          @Override
          public void stopped(LeaderTerm term, String reason) {}
        });
    leadership.start();
    eventually("it leads", () -> leadership.status().leading());
  }

  @AfterEach
  void stop() {
    leadership.close();
    cluster.close();
    proxy.close();
    api.close();
  }

  private static void eventually(String description, BooleanSupplier condition)
      throws InterruptedException {
    for (int i = 0; i < 1500; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never: " + description);
  }

  /** Creates a node, waits for it, and returns the longest that the cache was cut off meanwhile. */
  private Duration longestCutOffUntilSeen(String node) throws InterruptedException {
    AtomicLong longest = new AtomicLong();
    api.node(node);
    eventually(
        node + " is seen",
        () -> {
          longest.accumulateAndGet(cluster.health().cutOffFor().toNanos(), Math::max);
          return cluster.node(node).isPresent();
        });
    return Duration.ofNanos(longest.get());
  }

  private void skip(Duration time) {
    skipped.addAndGet(time.toNanos());
  }

  /** No cache is in a pause after a failure when it begins, which would last as long. */
  private void quietSpell() throws InterruptedException {
    eventually("all watches are open", () -> cluster.health().cutOffFor().isZero());
    skip(QUIET);
  }

  @Test
  void resetsAfterQuietPeriodsKeepTheLeaderAndCostNoList() throws InterruptedException {
    int lists = api.ours("list", "nodes", "").size();
    for (int minute = 1; minute <= 5; minute++) {
      quietSpell();
      proxy.resetAll();
      Duration cutOff = longestCutOffUntilSeen("n" + minute);
      assertTrue(cutOff.compareTo(LIMIT) < 0, "cut off for " + cutOff);
    }
    assertEquals(lists, api.ours("list", "nodes", "").size(), "lists of nodes");
    assertEquals(1, terms.get(), "terms");
    assertTrue(leadership.status().leading());
  }

  @Test
  void serverRestartAfterAQuietPeriodKeepsTheLeader() throws InterruptedException {
    quietSpell();
    proxy.refuse();
    eventually("the failure is seen", () -> !cluster.health().cutOffFor().isZero());
    Thread.sleep(1000);
    Duration away = cluster.health().cutOffFor();
    proxy.serve();
    Duration cutOff = longestCutOffUntilSeen("n1");
    assertTrue(away.compareTo(LIMIT) < 0 && cutOff.compareTo(LIMIT) < 0, away + " " + cutOff);
    assertEquals(1, terms.get(), "terms");
    eventually("no cut-off is left", () -> cluster.health().cutOffFor().isZero());
  }

  @Test
  void unreachableServerCutsTheCachesOff() throws InterruptedException {
    proxy.refuse();
    eventually("the failure is seen", () -> !cluster.health().cutOffFor().isZero());
    skip(LIMIT);
    eventually("it is cut off for long", () -> cluster.health().cutOffFor().compareTo(LIMIT) > 0);
  }
}
