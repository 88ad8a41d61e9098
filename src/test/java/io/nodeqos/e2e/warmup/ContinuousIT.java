// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.warmup;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.AgentPool;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.FaultRig;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mode Continuous and its brake on a real server, with the rights of the manifests. */
@RealApi
class ContinuousIT {
  private static final Map<String, String> FAST_FAILOVER =
      Map.of(
          "NODEQOS_LEADERELECTION_LEASEDURATION", "6s",
          "NODEQOS_LEADERELECTION_RENEWDEADLINE", "3s",
          "NODEQOS_LEADERELECTION_RETRYPERIOD", "1s");
  private static final int NODES = 10;

  private final ControlPlane plane;
  private final Installation installation;
  private final String suffix = UUID.randomUUID().toString().substring(0, 6);
  private final List<Replica> replicas = new ArrayList<>();
  private final List<AgentPool> pools = new ArrayList<>();

  ContinuousIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    installation.removeLease();
  }

  @AfterEach
  void removeAll() {
    pools.forEach(AgentPool::remove);
    replicas.forEach(installation::remove);
  }

  @Test
  void failedPodTaintsItsNodeAgainOnlyInModeContinuous() {
    AgentPool continuous = pool("continuous", "Continuous", 1);
    AgentPool bootstrap = pool("bootstrap", "Bootstrap", 1);
    try (ControllerRun controller = start()) {
      continuous.untilWarm(1);
      bootstrap.untilWarm(1);
      String untouched = bootstrap.versions();

      continuous.agents(false);
      bootstrap.agents(false);

      continuous.untilHeldBack(1);
      eventUntil("node", "continuous-" + suffix + "-0", "WarmUpLost", "agent-0 is not Ready");
      continuous.agents(true);
      continuous.untilWarm(1);
      assertEquals(untouched, bootstrap.versions(), "its gate counts no more");
      assertEquals(List.of(), controller.complaints());
    }
  }

  @Test
  void plansThatTaintAllNodesAreBrakedByEachLeaderUntilConfirmed() {
    AgentPool pool = pool("mass", "Continuous", NODES);
    String policy = "mass-" + suffix;
    ControllerRun first = start();
    ControllerRun second = start();
    try (first;
        second) {
      pool.untilWarm(NODES);
      String versions = pool.versions();

      pool.agents(false);

      String token = tokenUntilBraked(policy);
      String yaml = plane.kubectl("get", "nqp", policy, "-o", "yaml").succeeded().out();
      String row = plane.kubectl("get", "nqp", policy).succeeded().out();
      assertAll(
          () -> assertTrue(yaml.contains("nodeqos.io/confirm=" + token), yaml),
          () -> assertTrue(row.contains("Braked"), row),
          () -> assertEquals(versions, pool.versions(), "no node was written"));
      eventUntil("nqp", policy, "Braked", token);

      ControllerRun leader =
          Poll.until(
                  "leader",
                  () -> List.of(first, second).stream().filter(ControllerRun::leads).toList(),
                  leaders -> leaders.size() == 1)
              .get(0);
      ControllerRun next = leader == first ? second : first;
      leader.kill();
      Poll.until("next leader", next::leads, leads -> leads);
      FaultRig.sleep(Duration.ofSeconds(10));
      assertEquals(token, tokenUntilBraked(policy), "of the next leader");
      assertEquals(versions, pool.versions(), "no node was written");

      plane
          .kubectl("annotate", "--overwrite", "nqp", policy, "nodeqos.io/confirm=" + token)
          .succeeded();
      pool.untilHeldBack(NODES);

      pool.agents(true);
      pool.untilWarm(NODES);
      Poll.until("policy that is settled", () -> progress(policy), "Settled"::equals);
      Poll.until("end of the brake, reported at the next turn", () -> token(policy), ""::equals);
    }
  }

  private AgentPool pool(String name, String mode, int nodes) {
    AgentPool pool = AgentPool.create(plane, name + "-" + suffix, mode, nodes);
    pools.add(pool);
    return pool;
  }

  private ControllerRun start() {
    Replica replica = installation.replica("continuous-" + replicas.size() + "-" + suffix);
    replicas.add(replica);
    return ControllerRun.start(plane, replica, plane.server(), FAST_FAILOVER);
  }

  private String tokenUntilBraked(String policy) {
    Poll.until("policy that is braked", () -> progress(policy), "Braked"::equals);
    return token(policy);
  }

  private String progress(String policy) {
    return field(policy, "{.status.conditions[?(@.type==\"Progressing\")].reason}");
  }

  private String token(String policy) {
    return field(policy, "{.status.brake.token}");
  }

  private String field(String policy, String path) {
    return plane.kubectl("get", "nqp", policy, "-o", "jsonpath=" + path).succeeded().out();
  }

  private void eventUntil(String kind, String name, String... words) {
    Poll.until(
        "Event of " + name + " with " + List.of(words),
        () -> plane.kubectl("describe", kind, name).succeeded().out(),
        described -> List.of(words).stream().allMatch(described::contains));
  }
}
