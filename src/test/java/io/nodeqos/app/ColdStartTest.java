// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static io.nodeqos.fixture.PolicyFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.http.Faults.Injection;
import io.nodeqos.sim.http.RequestLog.Request;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that fail, expire or are partial make a new leader remove nothing from a warm fleet. */
class ColdStartTest {
  private static final String POLICY = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/base";

  /** Three pages. */
  private static final int NODES = 1_200;

  @TempDir Path directory;

  @Test
  void partialAndExpiredListsChangeNoNode() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.policy("{'warmUp': {}}");
      rig.startController();
      for (int i = 0; i < NODES; i++) {
        rig.node("n" + i, "x");
      }
      for (int i = 0; i < NODES; i++) {
        awaitWarm(rig, "n" + i);
      }
      rig.stopController();

      Instant restart = Instant.now();
      List<Injection> faults =
          List.of(
              inject(rig, "nodes", new Fault.Refuse(410, Duration.ZERO)),
              inject(rig, "nodes", new Fault.Garbage()),
              inject(rig, "nodes", new Fault.PartialList(200)),
              inject(rig, "nodeqospolicies", new Fault.Refuse(500, Duration.ZERO)),
              inject(rig, "nodeqospolicies", new Fault.PartialList(0)));
      rig.startController();
      rig.await("use of all faults", () -> faults.stream().allMatch(f -> f.hits() == 1));
      // The policy comes late, by its watch; then a node that is new shows that work is done.
      rig.node("last", "x");
      rig.admin.patch(
          POLICY, PatchType.MERGE, json("{'metadata': {'annotations': {'example.com/a': 'b'}}}"));
      awaitWarm(rig, "last");
      assertEquals(
          List.of(),
          rig.server.requests().since(restart).stream()
              .filter(r -> r.resource().equals("nodes") && !r.userAgent().equals("test"))
              .filter(r -> r.verb().equals("patch") && !r.name().equals("last"))
              .map(Request::name)
              .toList());
      for (int i = 0; i < NODES; i += 100) {
        assertTrue(isWarm(rig.node("n" + i)));
      }
    }
  }

  private static Injection inject(ControllerRig rig, String resource, Fault fault) {
    return rig.server.faults().inject(RequestInfo.on("list", resource), fault, 1);
  }

  private static void awaitWarm(ControllerRig rig, String node) throws InterruptedException {
    rig.await(
        node + " is warm",
        () -> {
          try {
            return isWarm(rig.node(node));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static boolean isWarm(JsonObject node) {
    JsonObject labels = node.getAsJsonObject("metadata").getAsJsonObject("labels");
    return labels != null && labels.has("nodeqos.io/warmed-up");
  }
}
