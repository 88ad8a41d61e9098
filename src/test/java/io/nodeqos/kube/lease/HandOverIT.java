// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.ReleaseResult;
import io.nodeqos.election.TermPreparation;
import io.nodeqos.election.elector.ElectedLeadership;
import io.nodeqos.fixture.Alone;
import io.nodeqos.kube.client.LeaseClients;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.sim.http.Faults;
import io.nodeqos.sim.request.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time without a leader when a leader releases its Lease, at an API latency of 5 ms. */
@Alone
class HandOverIT {

  private static final ElectionSettings SETTINGS = ElectionSettings.defaults();
  private static final int HAND_OVERS = 100;

  @TempDir private Path directory;

  private static final class Candidate {
    final Leadership leadership;
    final CompletableFuture<Long> leadsSince = new CompletableFuture<>();

    Candidate(Leadership leadership) {
      this.leadership = leadership;
      leadership.addListener(
          new LeadershipListener() {
            @Override
            public void leading(LeaderTerm term) {
              leadsSince.complete(System.nanoTime());
            }

            @Override
            public void stopped(LeaderTerm term, String reason) {}
          });
      leadership.start();
    }
  }

  @Test
  void releasedLeaseIsTakenAtOnce() throws Exception {
    List<Duration> times = new ArrayList<>();
    try (ApiServer server = new ApiServer().start()) {
      server.faults().inject(any -> true, new Fault.Delay(Duration.ofMillis(5)), Faults.ALWAYS);
      Candidate leader = candidate(server, 0);
      leader.leadsSince.get(30, TimeUnit.SECONDS);
      for (int i = 1; i <= HAND_OVERS; i++) {
        Candidate next = candidate(server, i);
        awaitStandby(next);
        long from = System.nanoTime();
        assertEquals(
            ReleaseResult.RELEASED,
            leader.leadership.release(Duration.ofSeconds(5)),
            "the Lease is given back");
        times.add(Duration.ofNanos(next.leadsSince.get(30, TimeUnit.SECONDS) - from));
        leader.leadership.close();
        leader = next;
      }
      leader.leadership.close();
    }
    times.sort(Duration::compareTo);
    System.out.printf(
        "%d hand-overs, from before the release until the next one leads: P50 %d ms, P99 %d ms, at"
            + " most %d ms%n",
        HAND_OVERS,
        times.get(HAND_OVERS / 2 - 1).toMillis(),
        times.get(HAND_OVERS * 99 / 100 - 1).toMillis(),
        times.get(HAND_OVERS - 1).toMillis());

    // The wanted 250 ms are for the line above: how a busy machine schedules is no defect of ours.
    assertTrue(
        times.get(HAND_OVERS / 2 - 1).compareTo(SETTINGS.retryPeriod()) < 0,
        "no standby polls: the watch reports the release, " + times);
    assertTrue(
        times.get(HAND_OVERS - 1).compareTo(SETTINGS.leaseDuration()) < 0,
        "no standby waits for the Lease to expire, " + times);
  }

  private Candidate candidate(ApiServer server, int number) {
    return new Candidate(
        ElectedLeadership.of(
            SETTINGS,
            "pod-" + number + "_uid",
            new LeaseClient(
                LeaseClients.client(server.uri(), SETTINGS.leaseCallTimeout(), directory),
                "default",
                SETTINGS.leaseName()),
            TermPreparation.NONE));
  }

  private static void awaitStandby(Candidate candidate) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (candidate.leadership.status().holder().isEmpty()) {
      assertTrue(System.nanoTime() < deadline, "it has not read the Lease");
      TimeUnit.MILLISECONDS.sleep(5);
    }
    // Until its watch is open as well.
    TimeUnit.MILLISECONDS.sleep(50);
  }
}
