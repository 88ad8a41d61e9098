// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a standby does before the elector looks: it takes a released Lease, and prepares. */
class EarlyTakeTest {
  private static final Duration LEASE = Replica.SETTINGS.leaseDuration();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final LeaseServer server = new LeaseServer();
  private final Replica a = new Replica("pod-a_1", server);
  private final Replica b = new Replica("pod-b_1", server);

  private void leadAndRelease() throws InterruptedException {
    a.tickAndStart();
    b.tick();
    b.hold.newRound();
    a.hold.close();
    a.lock.release(TIMEOUT);
  }

  @Test
  void releasedLeaseIsTakenWithoutATick() throws InterruptedException {
    leadAndRelease();
    assertEquals("pod-b_1", server.present().holder(), "by the event of the watch");
    assertFalse(b.fence.isOpen(), "not before all is prepared");
    assertEquals(List.of(), b.foreseen, "which only the one that has the Lease does");
    b.hold.startTerm(2);
    assertTrue(b.fence.isOpen(), "and before the elector knows");
    int writes = server.writes();
    assertTrue(b.tick(), "it learns of it in its next tick");
    assertEquals(writes, server.writes(), "which needs no request");
    assertTrue(b.fence.isOpen());
  }

  @Test
  void onlyOneStandbyHasAReleasedLease() throws InterruptedException {
    Replica c = new Replica("pod-c_1", server);
    c.tick();
    leadAndRelease();
    c.tick();
    List<Boolean> held = List.of(b.hold.isHeld(), c.hold.isHeld());
    assertEquals(Set.of(true, false), Set.copyOf(held), held::toString);
  }

  @Test
  void replicaThatStopsTakesNoReleasedLease() throws InterruptedException {
    b.hold.close();
    leadAndRelease();
    assertNull(server.present().holder());
  }

  @Test
  void replicaThatStandsBackTakesNoReleasedLease() throws InterruptedException {
    b.hold.standBack("its workers are stuck", LEASE);
    leadAndRelease();
    assertNull(server.present().holder());
  }

  @Test
  void preparationBeginsWhenASilentHolderCannotWriteAnyMore() {
    a.tickAndStart();
    b.tick();
    Duration silence = LEASE.minusMillis(450);
    b.run(silence);
    assertEquals(List.of(), b.foreseen, "a write of the other may still be in flight");
    b.run(Duration.ofMillis(100));
    assertEquals(Set.of(server.present().resourceVersion()), Set.copyOf(b.foreseen));
    assertFalse(b.hold.isHeld(), "the Lease is left to its holder until it has expired");
    b.run(Duration.ofMillis(500));
    assertTrue(b.hold.isHeld());
  }

  @Test
  void leaseThatIsRenewedIsNeverPreparedFor() {
    a.tickAndStart();
    for (int i = 0; i < 20; i++) {
      b.run(LEASE.minus(Duration.ofSeconds(1)));
      a.time.advance(LEASE.minus(Duration.ofSeconds(4)));
      a.tick();
    }
    assertEquals(List.of(), b.foreseen);
  }
}
