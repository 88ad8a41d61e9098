// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElectionSettingsTest {

  private static ElectionSettings of(Duration lease, Duration deadline, Duration retry) {
    return new ElectionSettings(true, "node-qos-controller", lease, deadline, retry);
  }

  @Test
  void defaultsAndTheFastProfileAreSafe() {
    assertEquals(List.of(), ElectionSettings.defaults().problems(), "15/10/2");
    assertEquals(List.of(), ElectionSettings.fast().problems(), "6/3/1");
  }

  @ParameterizedTest
  @CsvSource({"15,10,2,3000,2500,2500", "6,3,1,1500,1000,1000", "60,10,2,12000,11500,5000"})
  void marginIsAFifthOfTheLeaseAndAtLeastOneAndAHalfSeconds(
      int lease, int deadline, int retry, long margin, long call, long leaseCall) {
    ElectionSettings settings =
        of(Duration.ofSeconds(lease), Duration.ofSeconds(deadline), Duration.ofSeconds(retry));
    assertEquals(margin, settings.margin().toMillis(), "margin");
    assertEquals(call, settings.callTimeout().toMillis(), "half a second less");
    assertEquals(leaseCall, settings.leaseCallTimeout().toMillis(), "two fit into the deadline");
  }

  @Test
  void unsafeSettingsAreRefusedWithTheFailingSum() {
    List<String> problems =
        of(Duration.ofSeconds(15), Duration.ofSeconds(14), Duration.ofMillis(2500)).problems();
    assertEquals(
        List.of(
            "leaderElection: retryPeriod 2.5s + renewDeadline 14s + margin 3s = 19.5s is more than"
                + " leaseDuration 15s: a leader could still write after the next leader has started"),
        problems,
        "stock LeaderElector accepts these and overlaps");
  }

  @Test
  void everyProblemIsNamedAtOnce() {
    List<String> problems =
        new ElectionSettings(
                true,
                "Not_A_Name",
                Duration.ofMillis(5500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3))
            .problems();
    assertEquals(4, problems.size(), problems::toString);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void durationsMustBeLongerThanZero(long seconds) {
    Duration wrong = Duration.ofSeconds(seconds);
    assertEquals(3, of(wrong, wrong, wrong).problems().size(), "each of the three");
  }

  @Test
  void settingsOfADisabledElectionAreNotChecked() {
    ElectionSettings off =
        new ElectionSettings(false, "", Duration.ZERO, Duration.ZERO, Duration.ZERO);
    assertTrue(off.problems().isEmpty(), "nothing is elected");
  }
}
