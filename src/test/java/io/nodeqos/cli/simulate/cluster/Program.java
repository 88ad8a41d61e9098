// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonObject;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.yaml.NotYamlException;
import io.nodeqos.yaml.YamlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What all clusters share; it takes longer to read than a story. */
record Program(JsonObject crd, ControllerSettings settings) {
  static Program read() {
    try {
      return new Program(
          new YamlText(Files.readString(Path.of("manifests/crd.yaml")))
              .documents()
              .get(0)
              .getAsJsonObject(),
          new SettingsLoader(Map.of(), Map.of(), Optional.empty()).load().settings());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NotYamlException | SettingsException e) {
      throw new AssertionError(e);
    }
  }
}
