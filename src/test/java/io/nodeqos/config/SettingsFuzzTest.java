// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Whatever is in a settings file gives settings, or all its mistakes in words. */
class SettingsFuzzTest {
  @FuzzTest
  void fileIsReadOrRefusedInWords(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      SettingsLoader.Loaded loaded = SettingsLoader.load("settings.yaml", text);
      assertEquals(Set.of(), loaded.changedFrom(SettingsLoader.load("settings.yaml", text)));
    } catch (SettingsException refused) {
      assertFalse(refused.problems().isEmpty());
      refused.problems().forEach(problem -> assertFalse(problem.isBlank()));
    }
  }
}
