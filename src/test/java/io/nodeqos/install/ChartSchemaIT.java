// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.realapi.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong values are refused before anything is installed. */
class ChartSchemaIT {
  private static final Path SCHEMA = Path.of(Helm.CHART, "values.schema.json");

  /** Variables of the Deployment win over the first three; RBAC and the fence name the last. */
  private static final Set<String> OF_THE_DEPLOYMENT =
      Set.of("http.address", "http.port", "history.directory", "leaderElection.leaseName");

  @Test
  void schemaHasEverySetting() throws IOException {
    JsonObject schema = JsonParser.parseString(Files.readString(SCHEMA)).getAsJsonObject();
    JsonObject settings =
        SettingsSchema.of(
            ControllerSettings.catalogue().stream()
                .filter(s -> !OF_THE_DEPLOYMENT.contains(s.key()))
                .toList());
    JsonObject properties = schema.getAsJsonObject("properties");
    if (!settings.equals(properties.get("settings"))) {
      properties.add("settings", settings);
      Path renewed =
          Files.createDirectories(Path.of("target", "install")).resolve("values.schema.json");
      Files.writeString(
          renewed,
          new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(schema)
              + "\n");
      fail(SCHEMA + " is out of date. Renew it: cp " + renewed + " " + SCHEMA);
    }
  }

  @RealHelm
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicas=three | at '/replicas': got string, want integer",
        "replica=3 | additional properties 'replica' not allowed",
        "image.digest=latest | at '/image/digest': 'latest' does not match pattern",
        "image.pullPolicy=Sometimes | at '/image/pullPolicy': value must be one of 'Always'",
        "taintKeys={mine} | at '/taintKeys/0': 'mine' does not match",
        "taintKeys={node.kubernetes.io/mine} | at '/taintKeys/0': 'anyOf' failed",
        "settings.startupTaintPrefixes=1 | at '/settings/startupTaintPrefixes': got number",
        "networkPolicy.apiServerPorts={70000} | at '/networkPolicy/apiServerPorts/0': maximum",
        "settings.workers=0 | at '/settings/workers': minimum: got 0, want 1",
        "settings.retry.bas=1s | at '/settings/retry': additional properties 'bas' not allowed",
        "settings.retry.base=soon | at '/settings/retry/base': 'soon' does not match pattern",
        "settings.log.level=loud | at '/settings/log/level': value must be one of 'error'",
        "settings.http.port=9090 | at '/settings/http': additional properties 'port' not allowed",
        "runAsUser=0 | at '/runAsUser': minimum: got 0, want 1",
      })
  void wrongValuesAreRefusedWithASentence(String value, String sentence, Helm helm) {
    Command refused = helm.template("nodeqos-system", "--set", value);

    assertNotEquals(0, refused.code());
    assertTrue(refused.error().contains(sentence), refused::error);
    assertEquals("", refused.out());
  }
}
