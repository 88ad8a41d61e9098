// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseRefusalsTest {
  private final FakeTime time = new FakeTime();
  private final LeaseRefusals refusals =
      new LeaseRefusals("default", "node-qos-controller", time.source());

  private void refusedFor(int seconds, String method) {
    for (int second = 0; second < seconds; second++) {
      refusals.refused(method, "HTTP 403: leases is forbidden");
      time.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  void lastingRefusalIsReportedWithLeaseAndCause() {
    try (CapturedLog log = CapturedLog.of(LeaseRefusals.class)) {
      refusedFor(29, "GET");
      assertEquals(Optional.empty(), refusals.lasting(), "an API server may be starting");
      refusedFor(2, "GET");
      String sentence = refusals.lasting().orElseThrow();
      assertTrue(
          sentence.startsWith(
              "This replica cannot lead: the API server has refused access for 31s to Lease"
                  + " default/node-qos-controller: HTTP 403: leases is forbidden."),
          sentence);
      assertTrue(sentence.contains("POD_NAMESPACE"), sentence);
      refusedFor(600, "GET");
      assertEquals(3, log.warnings().size(), "every five minutes: " + log.warnings());
      refusals.accepted("GET");
      assertEquals(Optional.empty(), refusals.lasting());
      assertEquals(1, log.infos().size(), log.infos().toString());
    }
  }

  @Test
  void readableUnwritableLeaseIsReported() {
    for (int second = 0; second < 40; second++) {
      refusals.accepted("GET");
      refusals.refused("PUT", "HTTP 403: no update");
      time.advance(Duration.ofSeconds(1));
    }
    assertTrue(refusals.lasting().orElseThrow().contains("no update"));
  }

  @Test
  void occasionalRefusalsAreNotReported() {
    for (int i = 0; i < 10; i++) {
      refusals.refused("GET", "HTTP 401: Unauthorized");
      time.advance(Duration.ofSeconds(20));
      refusals.accepted("GET");
    }
    assertEquals(Optional.empty(), refusals.lasting());
    refusedFor(40, "PUT");
    time.advance(Duration.ofMinutes(2));
    assertEquals(Optional.empty(), refusals.lasting(), "another leads: nothing is sent any more");
    refusals.refused("PUT", "HTTP 403: no update");
    assertEquals(Optional.empty(), refusals.lasting(), "begins anew");
  }
}
