// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.cli.demo.cluster.ControllerProcessTest;
import io.nodeqos.fixture.FakeTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderKillTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int KILLED = 137;

  @TempDir Path directory;

  private final DemoLeases leases = new DemoLeases();
  private final List<ControllerProcess> controllers = new ArrayList<>();

  @BeforeEach
  void startReplicas() throws IOException {
    for (int i = 0; i < 2; i++) {
      controllers.add(
          ControllerProcess.start(
              new ControllerProcess.Spec(
                  "pod-" + i,
                  List.of("-Xmx32m"),
                  List.of(ControllerProcessTest.Child.class.getName()),
                  Map.of("POD_NAME", "pod-" + i),
                  directory.resolve("log-" + i))));
    }
  }

  @AfterEach
  void endReplicas() {
    controllers.forEach(ControllerProcess::close);
  }

  @Test
  void leaseHolderIsKilledOnceWhenHalfOfTheNodesAreWarm() {
    LeaderKill kill = kill(true);
    held("pod-1_b", 1, 5);

    assertEquals(Optional.empty(), kill.check(4, 10), "not yet half of them");
    assertEquals(Optional.of(controllers.get(1)), kill.check(5, 10), "half of them");
    assertEquals(
        OptionalInt.of(KILLED), controllers.get(1).exitCode(), "by SIGKILL: no time to clean up");
    assertEquals(OptionalInt.empty(), controllers.get(0).exitCode(), "the other goes on");
    assertEquals(Optional.of(new LeaderKill.Done(NOW, "pod-1_b")), kill.done());
    held("pod-0_a", 2, 6);
    assertEquals(Optional.empty(), kill.check(6, 10), "only once");
    assertEquals(OptionalInt.empty(), controllers.get(0).exitCode(), "the next leader goes on");
  }

  @Test
  void killIsOverWhenAnotherReplicaHoldsTheLease() {
    LeaderKill kill = kill(true);
    held("pod-1_b", 1, 5);
    assertFalse(kill.isOver(), "it is still to come");

    assertTrue(kill.check(10, 10).isPresent(), "now");
    assertFalse(kill.isOver(), "the dead one still holds the Lease");
    held("pod-0_a", 2, 6);
    assertTrue(kill.isOver(), "the next one has taken it");
  }

  @Test
  void noReplicaIsKilledWhenTheLeaderIsNotOneOfThem() {
    LeaderKill kill = kill(true);

    assertEquals(Optional.empty(), kill.check(10, 10), "there is no leader");
    held("by-hand", 1, 5);
    assertEquals(Optional.empty(), kill.check(10, 10), "an operator holds the Lease");
  }

  @Test
  void noReplicaIsKilledByDefault() {
    LeaderKill kill = kill(false);
    held("pod-1_b", 1, 5);

    assertEquals(Optional.empty(), kill.check(10, 10));
    assertTrue(kill.isOver(), "nothing is to come");
  }

  private LeaderKill kill(boolean wanted) {
    return new LeaderKill(wanted, leases, controllers, new FakeTime(NOW).source());
  }

  private void held(String holder, long epoch, long version) {
    leases.changed(
        "MODIFIED",
        JsonParser.parseString(
                """
                {"metadata": {"name": "%s", "resourceVersion": "%d"},
                 "spec": {"holderIdentity": "%s", "leaseTransitions": %d}}
                """
                    .formatted(DemoLeases.NAME, version, holder, epoch))
            .getAsJsonObject());
  }
}
