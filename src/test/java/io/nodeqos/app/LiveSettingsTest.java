// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.app.LiveSettings.Check;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.fixture.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveSettingsTest {
  @TempDir private Path directory;
  private Path file;
  private final List<ControllerSettings> heard = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("config.yaml");
    edit("retry: {base: 1s}");
  }

  @Test
  void editTakesEffectForReadersAndListeners() throws Exception {
    LiveSettings settings = settings(Map.of());
    assertEquals(Check.UNCHANGED, settings.check());
    edit("retry: {base: 2s}\nlog: {level: debug}");
    assertEquals(Check.APPLIED, settings.check());
    assertEquals(Duration.ofSeconds(2), settings.get().queue().retry().base());
    assertEquals(1, heard.size());
    assertEquals(Duration.ofSeconds(2), heard.get(0).queue().retry().base());
    assertEquals(Check.UNCHANGED, settings.check());
    assertEquals(1, heard.size());
  }

  @Test
  void failingListenerDoesNotKeepOtherListenersFromTheChange() throws Exception {
    LiveSettings settings =
        LiveSettings.load(new SettingsLoader(Map.of(), Map.of(), Optional.of(file)));
    settings.listen(
        changed -> {
          throw new IllegalStateException("for the test");
        });
    settings.listen(heard::add);
    edit("retry: {base: 2s}");
    assertEquals(Check.APPLIED, settings.check());
    assertEquals(1, heard.size());
  }

  @Test
  void keyRemovedFromTheFileHasItsDefaultAgain() throws Exception {
    LiveSettings settings = settings(Map.of());
    edit("");
    assertEquals(Check.APPLIED, settings.check());
    assertEquals(Duration.ofMillis(500), settings.get().queue().retry().base());
  }

  @Test
  void editWithMistakesIsRejectedAndThePreviousSettingsStay() throws Exception {
    LiveSettings settings = settings(Map.of());
    edit("retry: {base: soon}\nconflictRetry: {factr: 2}");
    try (CapturedLog log = CapturedLog.of(LiveSettings.class)) {
      assertEquals(Check.UNCHANGED, settings.check(), "it may be half written");
      assertEquals(List.of(), settings.refused());
      assertEquals(Check.REFUSED, settings.check());
      assertEquals(Check.UNCHANGED, settings.check(), "reported once");
      assertEquals(2, log.errors().size());
      assertTrue(
          log.errors().stream()
              .anyMatch(
                  line ->
                      line.contains("retry.base is \"soon\", but must be a duration")
                          && line.startsWith("Settings change rejected")),
          log.errors().toString());
    }
    assertEquals(2, settings.refused().size());
    assertEquals(Duration.ofSeconds(1), settings.get().queue().retry().base());
    assertEquals(List.of(), heard);

    edit("retry: {base: 3s}");
    assertEquals(Check.APPLIED, settings.check());
    assertEquals(List.of(), settings.refused());
    assertEquals(Duration.ofSeconds(3), settings.get().queue().retry().base());
  }

  @Test
  void correctedMistakeIsForgotten() throws Exception {
    LiveSettings settings = settings(Map.of());
    edit("retry: {base: soon}");
    settings.check();
    settings.check();
    edit("retry: {base: 1s}");
    assertEquals(Check.UNCHANGED, settings.check());
    assertEquals(List.of(), settings.refused());
  }

  @Test
  void missingFileKeepsThePreviousSettings() throws Exception {
    LiveSettings settings = settings(Map.of());
    Files.delete(file);
    settings.check();
    assertEquals(Check.REFUSED, settings.check());
    assertEquals(Duration.ofSeconds(1), settings.get().queue().retry().base());
  }

  @Test
  void changedStartupSettingIsReportedToNeedARestart() throws Exception {
    LiveSettings settings = settings(Map.of());
    edit("retry: {base: 1s}\nleaderElection: {leaseDuration: 30s}");
    try (CapturedLog log = CapturedLog.of(LiveSettings.class)) {
      assertEquals(Check.APPLIED, settings.check());
      assertEquals(
          List.of(
              "Settings changed, effective after a restart: leaderElection.leaseDuration 15s -> 30s"),
          log.warnings());
    }
    assertEquals(Set.of("leaderElection.leaseDuration"), settings.waitForRestart());
    assertEquals(List.of(), heard, "nothing has taken effect");
    edit("retry: {base: 1s}");
    settings.check();
    assertEquals(Set.of(), settings.waitForRestart());
  }

  @Test
  void commandLineWinsOverAnEditedFile() throws Exception {
    LiveSettings settings = settings(Map.of("retry.base", "7s"));
    edit("retry: {base: 2s}");
    assertEquals(Check.UNCHANGED, settings.check());
    assertEquals(Duration.ofSeconds(7), settings.get().queue().retry().base());
  }

  @Test
  void changedLeaseTimingsNeedARestart() {
    assertTrue(
        SettingsLoader.liveKeys().stream().noneMatch(key -> key.startsWith("leaderElection.")));
    assertTrue(SettingsLoader.liveKeys().contains("conflictRetry.initialDelay"));
  }

  private LiveSettings settings(Map<String, String> flags) throws SettingsException {
    LiveSettings settings =
        LiveSettings.load(new SettingsLoader(flags, Map.of(), Optional.of(file)));
    settings.listen(heard::add);
    return settings;
  }

  private void edit(String yaml) throws IOException {
    Files.writeString(file, yaml);
  }
}
