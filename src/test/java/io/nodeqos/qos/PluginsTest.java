// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {
  private static final String SOURCE =
      """
      package com.example;

      import io.nodeqos.qos.*;

      public final class %1$s implements QosWorker {
        @Override public String name() { return "%2$s"; }
        @Override public int order() { return 50; }
        @Override public Contribution plan(WorkerInput input) { return Contribution.NONE; }
        @Override public WorkerHealth status() {
          return WorkerHealth.failing(Thread.currentThread().getContextClassLoader() == getClass().getClassLoader()
              ? Thread.currentThread().getName() : "the class loader of another");
        }
      }
      """;

  @TempDir Path directory;

  @Test
  void jarsAreLoadedSeparatelyAndABadJarChangesOnlyItsOwnStatus() throws IOException {
    PluginJar.write(directory.resolve("a.jar"), "Slices", SOURCE.formatted("Slices", "slices"));
    // The same class again, from another jar.
    PluginJar.write(directory.resolve("b.jar"), "Slices", SOURCE.formatted("Slices", "dices"));
    PluginJar.write(directory.resolve("c.jar"), "Image", SOURCE.formatted("Image", "image"));
    PluginJar.writeWithout(directory.resolve("d.jar"), "com.example.Missing");
    PluginJar.writeLibrary(directory.resolve("e.jar"));
    Files.writeString(directory.resolve("f.jar"), "no jar");
    Files.writeString(directory.resolve("notes.txt"), "no plug-in");

    WorkerRegistry workers = discovered();
    workers.start();
    Map<String, WorkerStatus> all =
        workers.status().stream().collect(Collectors.toMap(WorkerStatus::name, s -> s));
    workers.stop();

    assertEquals(9, all.size(), all::toString);
    assertTrue(all.get("zum").healthy() && all.get("image").healthy(), all::toString);
    assertEquals(
        Optional.of("worker-a.jar!com.example.Slices"),
        all.get("slices").error(),
        "its thread has its class loader");
    assertEquals(Optional.of("worker-b.jar!com.example.Slices"), all.get("dices").error());
    assertFailed(all, "c.jar!com.example.Image", "its name \"image\" belongs to another worker");
    assertFailed(all, "d.jar", "java.util.ServiceConfigurationError: io.nodeqos.qos.QosWorker");
    assertFailed(all, "e.jar", "no class is named in META-INF/services/io.nodeqos.qos.QosWorker");
    assertNotEquals(null, all.get("f.jar"));
  }

  @Test
  void fileOtherThanAJarIsReported() throws IOException {
    Files.writeString(directory.resolve("f.jar"), "no jar");
    WorkerRegistry workers = discovered();
    workers.start();
    List<WorkerStatus> all = workers.status();
    workers.stop();
    assertEquals(4, all.size());
    assertTrue(
        all.get(3).error().orElse("").startsWith("start: the file cannot be read as a jar"),
        all::toString);
  }

  private static void assertFailed(Map<String, WorkerStatus> all, String name, String why) {
    WorkerStatus status = all.get(name);
    assertNotEquals(null, status, all::toString);
    assertEquals(WorkerStatus.State.FAILED, status.state());
    assertTrue(status.error().orElse("").startsWith("start: " + why), status::toString);
  }

  private WorkerRegistry discovered() {
    return WorkerRegistry.discovered(
        new PluginSettings(Optional.of(directory), Duration.ofSeconds(10)), WorkerObserver.NONE);
  }
}
