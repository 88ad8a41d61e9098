// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.realapi.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own opinion. */
@RealPromtool
class PromtoolTest {
  private final Promtool promtool;

  @TempDir Path directory;

  PromtoolTest(Promtool promtool) {
    this.promtool = promtool;
  }

  @Test
  void alertsAreValidRules() {
    promtool.run("check", "rules", "otel/alerts.yaml").succeeded();
  }

  @Test
  void alertsFireOnlyWhenExpected() {
    promtool.run("test", "rules", "otel/alerts_test.yaml").succeeded();
  }

  @Test
  void dashboardExpressionsAreValid() throws IOException {
    List<String> expressions = Dashboard.read().expressions();
    assertTrue(expressions.size() > 30, () -> "found " + expressions.size());

    promtool.run("check", "rules", rules(expressions).toString()).succeeded();
  }

  @Test
  void invalidExpressionIsFound() throws IOException {
    Command check = promtool.run("check", "rules", rules(List.of("sum by (le (up)")).toString());

    assertNotEquals(0, check.code(), check::toString);
  }

  /** A file of recording rules, in JSON, which is YAML. */
  private Path rules(List<String> expressions) throws IOException {
    JsonArray rules = new JsonArray();
    for (String expression : expressions) {
      JsonObject rule = new JsonObject();
      rule.addProperty("record", "expression:" + rules.size());
      rule.addProperty("expr", expression);
      rules.add(rule);
    }
    JsonObject group = new JsonObject();
    group.addProperty("name", "dashboard");
    group.add("rules", rules);
    JsonArray groups = new JsonArray();
    groups.add(group);
    JsonObject file = new JsonObject();
    file.add("groups", groups);
    return Files.writeString(directory.resolve("rules.yaml"), file.toString());
  }
}
