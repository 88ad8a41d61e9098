// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.ReleaseResult;
import io.nodeqos.election.TermPreparation;
import io.nodeqos.election.elector.ElectedLeadership;
import io.nodeqos.kube.client.LeaseClients;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.sim.http.Faults;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Election over HTTP against the embedded API server. */
class ElectionOnServerTest {

  private static final ElectionSettings SETTINGS = ElectionSettings.fast();

  @TempDir private Path directory;
  private ApiServer server;

  @BeforeEach
  void serve() {
    server = new ApiServer().start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private LeaseClient store() {
    return new LeaseClient(
        LeaseClients.client(server.uri(), SETTINGS.leaseCallTimeout(), directory),
        "default",
        SETTINGS.leaseName());
  }

  private LeaseState lease() {
    if (store().get() instanceof LeaseResult.Ok ok) {
      return ok.state();
    }
    throw new AssertionError("the Lease cannot be read");
  }

  private static boolean isLeaseWrite(RequestInfo request) {
    return request.resource().equals("leases") && request.verb().equals("update");
  }

  private static final class Replica implements AutoCloseable {
    final Leadership leadership;
    private final BlockingQueue<String> reported = new LinkedBlockingQueue<>();

    Replica(String identity, LeaseClient store) {
      leadership = ElectedLeadership.of(SETTINGS, identity, store, TermPreparation.NONE);
      leadership.addListener(
          new LeadershipListener() {
            @Override
            public void leading(LeaderTerm term) {
              reported.add("leading " + term.epoch());
            }

            @Override
            public void stopped(LeaderTerm term, String reason) {
              reported.add("stopped " + term.epoch());
            }
          });
      leadership.start();
    }

    String next() throws InterruptedException {
      return String.valueOf(reported.poll(30, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
      leadership.close();
    }
  }

  @Test
  void kubectlShowsTheLeaseOfTheLeader() throws InterruptedException {
    try (Replica a = new Replica("pod-a_1", store())) {
      assertEquals("leading 1", a.next(), "created and taken");
      LeaseState.Spec spec = lease().spec();
      assertEquals("pod-a_1", spec.holder(), "holder");
      assertEquals(Duration.ofSeconds(6), spec.leaseDuration(), "the fast profile");
      assertEquals(1, spec.transitions(), "the epoch");
      assertTrue(spec.renewTime() != null && spec.acquireTime() != null, "both times");
    }
    assertEquals(null, lease().holder(), "closing gives the Lease back");
  }

  @Test
  void watchOfTheStandbyReportsARelease() throws InterruptedException {
    try (Replica a = new Replica("pod-a_1", store())) {
      a.next();
      try (Replica b = new Replica("pod-b_1", store())) {
        while (b.leadership.status().holder().isEmpty()) {
          TimeUnit.MILLISECONDS.sleep(5);
        }
        assertEquals(
            ReleaseResult.RELEASED, a.leadership.release(Duration.ofSeconds(5)), "given back");
        assertEquals("leading 2", b.next(), "the next term");
        assertFalse(a.leadership.fence().isOpen(), "only one leads");
      }
    }
  }

  @Test
  void lostReplyAndRefusedRenewalKeepTheTerm() throws InterruptedException {
    try (Replica a = new Replica("pod-a_1", store())) {
      a.next();
      Faults.Injection lost =
          server.faults().inject(ElectionOnServerTest::isLeaseWrite, new Fault.LoseReply(), 1);
      Faults.Injection refused =
          server
              .faults()
              .inject(ElectionOnServerTest::isLeaseWrite, new Fault.Refuse(500, Duration.ZERO), 1);
      while (lost.hits() + refused.hits() < 2) {
        assertTrue(a.leadership.fence().isOpen(), "leads on");
        TimeUnit.MILLISECONDS.sleep(20);
      }
      String before = lease().resourceVersion();
      while (lease().resourceVersion().equals(before)) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertEquals(1, a.leadership.fence().epoch(), "in the same term");
      assertTrue(a.leadership.fence().isOpen(), "and renews again");
    }
  }

  @Test
  void cutWatchOfTheStandbyIsOpenedAgain() throws InterruptedException {
    try (Replica a = new Replica("pod-a_1", store())) {
      a.next();
      Faults.Injection cut =
          server.faults().inject(r -> r.verb().equals("watch"), new Fault.CutWatch(1), 3);
      try (Replica b = new Replica("pod-b_1", store())) {
        while (cut.hits() < 3) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
        a.close();
        assertEquals("leading 2", b.next(), "through the fourth watch, or a read");
      }
    }
  }
}
