// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.warmup;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Images on a real server: the objects and their owners. The test plays the DaemonSet controller
 * and the kubelets, so that nothing is pulled.
 */
@RealApi
class SpinnerIT {
  private static final int NODES = 10;
  private static final int MAX_PULLS = 3;

  private final ControlPlane usual;

  SpinnerIT(ControlPlane plane) {
    this.usual = plane;
  }

  private static Map<String, String> settings(Installation installation) {
    Map<String, String> settings = new HashMap<>(installation.election());
    settings.put("NODEQOS_LEADERELECTION_LEASEDURATION", "6s");
    settings.put("NODEQOS_LEADERELECTION_RENEWDEADLINE", "3s");
    settings.put("NODEQOS_LEADERELECTION_RETRYPERIOD", "1s");
    settings.put("NODEQOS_SPINNER_MAXCONCURRENTPULLS", Integer.toString(MAX_PULLS));
    return settings;
  }

  @Test
  void limitOfPullingNodesHoldsAfterTheLeaderIsKilled() throws InterruptedException {
    Installation installation = Installation.apply(usual);
    installation.removeLease();
    installation.admission("own-keys");
    SpinnerWorld world = new SpinnerWorld(usual);
    AuditLog audit = AuditLog.from(usual);
    Replica first = installation.replica("spinner-a-" + UUID.randomUUID());
    Replica second = installation.replica("spinner-b-" + UUID.randomUUID());
    Map<String, String> settings = settings(installation);
    // Before any replica is there, which could see the node without its pod; and the pod after its
    // node, or it could be of a former one.
    String running = world.join("[]");
    world.runElsewhere(running);
    try (ControllerRun leader = ControllerRun.start(usual, first, usual.server(), settings)) {
      Poll.until("leader", leader::leads, leads -> leads);
      try (ControllerRun standby = ControllerRun.start(usual, second, usual.server(), settings)) {
        Poll.until("standby", standby::isReady, ready -> ready);
        world.createPolicy("{}");
        JsonObject daemonSet =
            Poll.until("DaemonSet", world::daemonSets, found -> !found.isEmpty()).get(0);
        assertMountsTheImageAndRunsNothingOfIt(daemonSet);

        String listed = world.join("[{\"names\": [\"" + SpinnerWorld.IMAGE + "\"]}]");
        for (int i = 2; i < NODES; i++) {
          world.join("[]");
        }
        Poll.until("labels", world::labelled, labelled -> labelled.size() == MAX_PULLS);
        Poll.until("two that need no pull", world::warm, warm -> warm == 2);
        String stuck = conditionWithTheFailedPull(world);

        Poll.until(
            "some that pulled",
            () -> {
              world.play(1);
              return world.warm();
            },
            warm -> warm >= 5);
        leader.kill();
        Poll.until(
            "all nodes warm",
            () -> {
              world.play(1);
              return world.warm();
            },
            warm -> warm == NODES);
        Poll.until("end of all labels", world::labelled, List::isEmpty);
        Poll.until(
            "policy without a condition of images",
            () -> world.policy().toString(),
            policy -> !policy.contains("ImagesPulled"));

        Set<String> pulled = pulledAndAtMost(audit);
        assertAll(
            () -> assertTrue(!pulled.contains(listed) && !pulled.contains(running)),
            () -> assertEquals(NODES - 2, pulled.size(), pulled::toString),
            () -> assertTrue(pulled.contains(stuck)),
            () ->
                world
                    .nodes()
                    .forEach(
                        node ->
                            assertTrue(
                                node.toString().contains("/boot-1\"")
                                    && node.toString().contains("nodeqos.io/images-present"),
                                node::toString)));
        assertNothingIsWritten(audit);

        world.deletePolicy();
        Poll.until("end of the DaemonSet", world::daemonSets, List::isEmpty);
        assertEquals(0, standby.terminate(), standby::log);
        assertEquals(List.of(), standby.complaints());
      }
    } finally {
      installation.remove(first);
      installation.remove(second);
      installation.removeAdmission("own-keys");
      world.remove();
    }
    assertTrue(
        audit.entries().stream().noneMatch(e -> e.code() == 403), "the controller was refused");
  }

  @Test
  void imagesOfARolloutArePulledByASecondDaemonSet() throws InterruptedException {
    Installation installation = Installation.apply(usual);
    installation.removeLease();
    installation.admission("own-keys");
    SpinnerWorld world = new SpinnerWorld(usual);
    Replica replica = installation.replica("spinner-" + UUID.randomUUID());
    try (ControllerRun run =
        ControllerRun.start(usual, replica, usual.server(), settings(installation))) {
      Poll.until("leader", run::leads, leads -> leads);
      world.createPolicy("{}");
      Poll.until("DaemonSet", world::keys, keys -> keys.size() == 1);
      String node = world.join("[{\"names\": [\"" + SpinnerWorld.IMAGE + "\"]}]");
      Poll.until("warm node", world::warm, warm -> warm == 1);

      String next = "registry.example.com/team/app:2";
      world.changeImage(next);
      Map<String, String> keys =
          Poll.until("second DaemonSet", world::keys, found -> found.size() == 2);
      assertEquals(world.name(), keys.get(world.daemonSet()), keys::toString);
      String second =
          keys.values().stream().filter(key -> !key.equals(world.name())).findFirst().orElseThrow();
      assertTrue(keys.containsKey("nodeqos-spinner-" + second), keys::toString);
      JsonObject pulling =
          Poll.until(
              "node that pulls with the second DaemonSet",
              () -> world.nodes().get(0),
              n -> World.label(n, "nodeqos.io/images").equals(second));
      assertEquals("true", World.label(pulling, "nodeqos.io/warmed-up"));

      world.list(node, "[{\"names\": [\"" + next + "\"]}]");
      Poll.until("end of the rollout", world::keys, found -> found.size() == 1);
      assertTrue(world.daemonSets().get(0).toString().contains(next), "the usual one has it now");
      assertEquals("", World.label(world.nodes().get(0), "nodeqos.io/images"));
      assertEquals(0, run.terminate(), run::log);
    } finally {
      installation.remove(replica);
      installation.removeAdmission("own-keys");
      world.remove();
    }
  }

  private static void assertMountsTheImageAndRunsNothingOfIt(JsonObject daemonSet) {
    JsonObject pod =
        daemonSet.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec");
    JsonObject volume = pod.getAsJsonArray("volumes").get(0).getAsJsonObject();
    JsonObject container = pod.getAsJsonArray("containers").get(0).getAsJsonObject();
    assertAll(
        () -> assertEquals(1, pod.getAsJsonArray("volumes").size()),
        () -> assertEquals(SpinnerWorld.IMAGE, World.text(volume, "image", "reference")),
        () -> assertEquals("IfNotPresent", World.text(volume, "image", "pullPolicy")),
        () -> assertEquals(1, pod.getAsJsonArray("containers").size()),
        () -> assertTrue(World.text(container, "image").startsWith("registry.k8s.io/pause:")),
        () -> assertEquals("false", World.text(pod, "automountServiceAccountToken")),
        () -> assertTrue(pod.getAsJsonArray("imagePullSecrets").toString().contains("registry")));
  }

  /** Gives one of the pulling nodes a pod in trouble. */
  private static String conditionWithTheFailedPull(SpinnerWorld world) {
    world.play(0);
    String node = world.labelled().get(0);
    world.failToPull(node);
    Poll.until(
        "condition that names the image and the pod",
        () ->
            world.nodes().stream()
                .filter(n -> World.text(n, "metadata", "name").equals(node))
                .map(n -> World.condition(n, "message"))
                .findFirst()
                .orElse(""),
        message ->
            message.contains(
                "image "
                    + SpinnerWorld.IMAGE
                    + " cannot be pulled, see pod nodeqos-system/"
                    + world.daemonSet()));
    Poll.until(
        "policy that names the node and the pod",
        () -> world.policy().toString(),
        policy ->
            policy.contains("\"reason\":\"ImagePullFailed\"")
                && policy.contains(" on node " + node + " reports: ")
                && policy.contains("Pod nodeqos-system/"));
    return node;
  }

  /**
   * The nodes that got the label, never too many at a time in the order of the server's answers.
   */
  private static Set<String> pulledAndAtMost(AuditLog audit) {
    Set<String> holding = new HashSet<>();
    Set<String> all = new HashSet<>();
    for (AuditLog.Entry entry : audit.entries()) {
      JsonElement labels =
          entry.body().has("metadata")
              ? entry.body().getAsJsonObject("metadata").get("labels")
              : null;
      if (!entry.writesNode()
          || !entry.accepted()
          || labels == null
          || !labels.getAsJsonObject().has("nodeqos.io/images")) {
        continue;
      }
      if (labels.getAsJsonObject().get("nodeqos.io/images").isJsonNull()) {
        holding.remove(entry.name());
      } else {
        holding.add(entry.name());
        all.add(entry.name());
      }
      assertTrue(holding.size() <= MAX_PULLS, () -> holding + " at " + entry);
    }
    return all;
  }

  private static void assertNothingIsWritten(AuditLog audit) throws InterruptedException {
    // The policy's status and the last wording may still be on their way.
    Thread.sleep(Duration.ofSeconds(12).toMillis());
    long before = writes(audit);
    Thread.sleep(Duration.ofSeconds(8).toMillis());
    assertEquals(before, writes(audit), "writes while nothing happens");
  }

  private static long writes(AuditLog audit) {
    return audit.entries().stream()
        .filter(e -> Set.of("create", "patch", "update", "delete").contains(e.verb()))
        .filter(e -> !e.writesLease() && !e.resource().equals("events"))
        .count();
  }

  @Test
  void serverWithoutImageVolumesIsTheReasonAndTheTimeoutStillReleases() {
    ControlPlane plane =
        usual.another("--emulated-version=1.34", "--feature-gates=ImageVolume=false");
    try {
      Installation installation = Installation.apply(plane);
      SpinnerWorld world = new SpinnerWorld(plane);
      world.createPolicy("{\"timeout\": \"20s\", \"onTimeout\": \"Release\"}");
      world.join("[]");
      Replica replica = installation.replica("spinner-" + UUID.randomUUID());
      try (ControllerRun controller = ControllerRun.start(plane, replica)) {
        JsonObject waiting =
            Poll.until(
                "reason",
                () -> world.nodes().get(0),
                node -> World.condition(node, "reason").equals("ImageWarmUpUnsupported"));
        assertTrue(
            World.condition(waiting, "message")
                .contains("the API server does not support image volumes"),
            waiting::toString);
        Poll.until(
            "condition of the policy",
            () -> world.policy().toString(),
            policy ->
                policy.contains("\"type\":\"ImagesPulled\"")
                    && policy.contains("\"reason\":\"ImageWarmUpUnsupported\""));
        Poll.until("release", world::warm, warm -> warm == 1);
        assertEquals(List.of(), world.labelled());
        assertEquals(0, controller.terminate(), controller::log);
        assertEquals(
            1,
            controller.complaints().stream()
                .filter(l -> l.contains("does not support image volumes"))
                .count(),
            controller::log);
      }
    } finally {
      plane.close();
    }
  }
}
