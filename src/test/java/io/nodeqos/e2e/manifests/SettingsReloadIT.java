// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings are edited in a folder that is laid out as the kubelet mounts a ConfigMap. */
@RealApi
class SettingsReloadIT {
  @TempDir private Path mount;

  @Test
  void validEditTakesEffectAndInvalidEditIsRejected(ControlPlane plane) throws IOException {
    Installation installation = Installation.apply(plane);
    Replica replica = installation.replica("settings-0");
    mount("1", "kubernetes: {writesPerSecond: 400}");
    Files.createSymbolicLink(mount.resolve("config.yaml"), Path.of("..data", "config.yaml"));
    World world = new World(plane);
    try (ControllerRun run =
        ControllerRun.withSettings(plane, replica, mount.resolve("config.yaml"))) {
      Poll.until("ready", run::isReady, ready -> ready);
      metric(run, "qos_write_limit_per_second 400.0");

      mount("2", "kubernetes: {writesPerSecond: 300}\nleaderElection: {leaseDuration: 30s}");
      metric(run, "qos_write_limit_per_second 300.0");
      metric(run, "qos_settings_reloads_total{result=\"applied\",} 1.0");
      metric(run, "qos_settings_waiting_for_restart 1.0");

      mount("3", "kubernetes: {writesPerSecond: plenty}");
      metric(run, "qos_settings_refused 1.0");
      assertTrue(
          run.log()
              .contains("kubernetes.writesPerSecond is \\\"plenty\\\", but must be a whole number"),
          run.log());
      metric(run, "qos_write_limit_per_second 300.0");

      world.createPolicy("100m");
      world.createAgent();
      world.createNode();
      world.makeAgentReady();
      JsonObject warm = world.nodeUntil("True");
      assertEquals("true", World.label(warm, "nodeqos.io/warmed-up"));

      mount("4", "kubernetes: {writesPerSecond: 200}");
      metric(run, "qos_settings_refused 0.0");
      metric(run, "qos_write_limit_per_second 200.0");
      assertEquals(0, run.terminate());
    } finally {
      installation.remove(replica);
      world.remove();
    }
  }

  /** As the kubelet does: a new folder, and a link to it that changes by a rename. */
  private void mount(String version, String yaml) throws IOException {
    Path directory = Files.createDirectory(mount.resolve("..version-" + version));
    Files.writeString(directory.resolve("config.yaml"), yaml);
    Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), directory.getFileName());
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void metric(ControllerRun run, String line) {
    Poll.until("metric " + line, () -> run.probe("/metrics").body(), all -> all.contains(line));
  }
}
