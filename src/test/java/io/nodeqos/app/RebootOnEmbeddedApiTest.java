// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.Fleet;
import io.nodeqos.sim.fleet.FleetMix;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.fleet.FleetTimings;
import io.nodeqos.sim.fleet.FleetTimings.Range;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole controller and kubelets that report a reboot as real ones do. */
class RebootOnEmbeddedApiTest {
  private static final String FOR = "nodeqos.io/warmed-up-for";
  private static final String AT = "nodeqos.io/warmed-up-at";

  @Test
  void rebootedNodeIsWarmOnceItsPodsAreReadyAgain(@TempDir Path directory) throws Exception {
    FleetTimings timings =
        new FleetTimings(
            Range.ofMillis(0, 5),
            Range.ofMillis(0, 5),
            Range.ofMillis(1_500, 2_000),
            Range.ofMillis(0, 5));
    FleetSettings settings =
        new FleetSettings(
            2,
            1,
            Duration.ofMillis(10),
            Duration.ofSeconds(2),
            new FleetMix(0, 0, 1, 0, false, Map.of()),
            timings);
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO);
        Fleet fleet = Fleet.of(rig.server.uri(), settings, TimeSource.system())) {
      rig.policy("{'warmUp': {'nodeReady': {}, 'reservedPods': [{'namespace': 'kube-system'}]}}");
      fleet.start();
      rig.startController();
      String name = fleet.plan().members().get(0).name();
      rig.await("warm node", () -> isWarm(node(rig, name)));
      String first = annotation(node(rig, name), FOR);
      // No reboot takes less than a second, the unit of times by kubelets.
      Thread.sleep(1_100);

      Instant rebooted = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      fleet.reboot(name);

      rig.await("pods that are Ready again", () -> areReadySince(podsOn(rig, name), rebooted));
      rig.await("mark of another boot", () -> isWarmForAnother(node(rig, name), first));
      JsonObject node = node(rig, name);
      assertTrue(annotation(node, FOR).endsWith("/" + bootId(node)), annotation(node, FOR));
      Instant warm = Instant.parse(annotation(node, AT));
      for (JsonObject pod : podsOn(rig, name)) {
        Instant ready = readySince(pod).orElseThrow();
        assertFalse(warm.isBefore(ready), () -> "warm at " + warm + " by " + pod);
      }
    }
  }

  private static List<JsonObject> podsOn(ControllerRig rig, String name) {
    List<JsonObject> pods = new ArrayList<>();
    try {
      rig.list("/api/v1/namespaces/kube-system/pods").forEach(p -> pods.add(p.getAsJsonObject()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pods.removeIf(p -> !p.getAsJsonObject("spec").get("nodeName").getAsString().equals(name));
    assertEquals(2, pods.size());
    return pods;
  }

  private static boolean areReadySince(List<JsonObject> pods, Instant earliest) {
    return pods.stream()
        .allMatch(pod -> readySince(pod).filter(at -> !at.isBefore(earliest)).isPresent());
  }

  private static JsonObject node(ControllerRig rig, String name) {
    try {
      return rig.node(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isWarm(JsonObject node) {
    JsonObject metadata = node.getAsJsonObject("metadata");
    return metadata != null
        && metadata.has("labels")
        && metadata.getAsJsonObject("labels").has("nodeqos.io/warmed-up");
  }

  private static boolean isWarmForAnother(JsonObject node, String boot) {
    return isWarm(node) && !annotation(node, FOR).equals(boot);
  }

  private static String annotation(JsonObject node, String key) {
    return node.getAsJsonObject("metadata").getAsJsonObject("annotations").get(key).getAsString();
  }

  private static String bootId(JsonObject node) {
    return node.getAsJsonObject("status").getAsJsonObject("nodeInfo").get("bootID").getAsString();
  }

  /** Empty when it is not Ready. */
  private static Optional<Instant> readySince(JsonObject pod) {
    for (JsonElement condition : pod.getAsJsonObject("status").getAsJsonArray("conditions")) {
      JsonObject c = condition.getAsJsonObject();
      if (c.get("type").getAsString().equals("Ready")
          && c.get("status").getAsString().equals("True")) {
        return Optional.of(Instant.parse(c.get("lastTransitionTime").getAsString()));
      }
    }
    return Optional.empty();
  }
}
