// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes that Grafana accepts, to show empty panels. */
class DashboardTest {
  private static final int COLUMNS = 24;

  private final Dashboard dashboard = Dashboard.read();

  static List<JsonObject> panels() {
    return Dashboard.read().panels();
  }

  static List<String> expressions() {
    return Dashboard.read().expressions();
  }

  @Test
  void panelIdsAreUnique() {
    List<Integer> ids =
        dashboard.panelsAndRows().stream().map(panel -> panel.get("id").getAsInt()).toList();

    assertEquals(new HashSet<>(ids).size(), ids.size(), ids::toString);
  }

  @ParameterizedTest
  @MethodSource("panels")
  void panelHasTitleDescriptionUnitAndTheChosenDataSource(JsonObject panel) {
    assertFalse(panel.get("title").getAsString().isBlank());
    assertTrue(panel.get("description").getAsString().endsWith("."), "a sentence");
    JsonObject defaults = panel.getAsJsonObject("fieldConfig").getAsJsonObject("defaults");
    assertFalse(defaults.get("unit").getAsString().isBlank());
    assertChosenDataSource(panel);
    List<JsonObject> targets = Dashboard.objects(panel.getAsJsonArray("targets"));
    assertFalse(targets.isEmpty());
    targets.forEach(DashboardTest::assertChosenDataSource);
    assertEquals(
        targets.size(),
        targets.stream().map(target -> target.get("refId").getAsString()).distinct().count());
  }

  private static void assertChosenDataSource(JsonObject part) {
    assertEquals(
        "${datasource}",
        part.getAsJsonObject("datasource").get("uid").getAsString(),
        part::toString);
  }

  @ParameterizedTest
  @MethodSource("panels")
  void panelShowsTheChosenReplicasOnly(JsonObject panel) {
    for (JsonObject target : Dashboard.objects(panel.getAsJsonArray("targets"))) {
      String expression = target.get("expr").getAsString();
      for (String metric : PromQl.metrics(expression)) {
        assertTrue(
            expression.matches("(?s).*\\b" + metric + "\\{[^}]*instance=~\"\\$instance\".*"),
            () -> metric + " without the instance in " + expression);
      }
    }
  }

  @Test
  void panelsDoNotOverlap() {
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonObject panel : dashboard.panelsAndRows()) {
      JsonObject at = panel.getAsJsonObject("gridPos");
      int left = at.get("x").getAsInt();
      int right = left + at.get("w").getAsInt();
      assertTrue(right <= COLUMNS, panel::toString);
      int top = at.get("y").getAsInt();
      for (int x = left; x < right; x++) {
        for (int y = top; y < top + at.get("h").getAsInt(); y++) {
          assertTrue(taken.add(List.of(x, y)), panel.get("title") + " is over another panel");
        }
      }
    }
  }

  @Test
  void dataSourceNamespaceAndReplicaCanBeChosen() {
    assertEquals(
        List.of("datasource", "namespace", "instance"),
        dashboard.variables().stream().map(v -> v.get("name").getAsString()).toList());
  }

  @Test
  void reconcileLatenciesLinkToTheirTraces() {
    Set<String> withExemplars =
        panels().stream()
            .flatMap(panel -> Dashboard.objects(panel.getAsJsonArray("targets")).stream())
            .filter(target -> target.has("exemplar") && target.get("exemplar").getAsBoolean())
            .flatMap(target -> PromQl.metrics(target.get("expr").getAsString()).stream())
            .collect(Collectors.toSet());

    assertTrue(withExemplars.contains("qos_sync_duration_seconds_bucket"), withExemplars::toString);
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void expressionsUseExistingMetrics(String expression) {
    Set<String> unknown = new TreeSet<>(PromQl.metrics(expression));
    assertFalse(unknown.isEmpty());

    unknown.removeAll(KnownMetrics.names());

    assertEquals(Set.of(), unknown);
  }
}
