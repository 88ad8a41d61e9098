// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each alert is complete, asks for metrics that there are, and has its page and its tests. */
class AlertsTest {
  private static final Path RUNBOOK = Path.of("otel", "runbook.md");

  static List<Alert> alerts() {
    return Alert.all();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void alertHasDescriptionSeverityAndRunbook(Alert alert) {
    assertTrue(alert.name().matches("NodeQos[A-Z][A-Za-z]+"), alert.name());
    assertEquals(Set.of("severity"), alert.labels().keySet());
    assertTrue(
        Set.of("critical", "warning", "info").contains(alert.labels().get("severity")),
        () -> "severity " + alert.labels());
    assertEquals(Set.of("summary", "description", "runbook_url"), alert.annotations().keySet());
    assertAll(
        alert.annotations().entrySet().stream()
            .filter(text -> !text.getKey().equals("runbook_url"))
            .map(text -> () -> assertTrue(text.getValue().endsWith("."), text::toString)));
    assertEquals(
        RUNBOOK.toString().replace('\\', '/') + "#" + alert.name().toLowerCase(Locale.ROOT),
        alert.annotations().get("runbook_url"));
  }

  @Test
  void alertNamesAreUnique() {
    Set<String> names = alerts().stream().map(Alert::name).collect(Collectors.toSet());

    assertEquals(alerts().size(), names.size());
  }

  @Test
  void runbookHasOneSectionForEachAlertInOrder() throws IOException {
    try (Stream<String> lines = Files.lines(RUNBOOK)) {
      assertEquals(
          alerts().stream().map(Alert::name).toList(),
          lines.filter(l -> l.startsWith("## ")).map(l -> l.substring(3)).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void alertsUseExistingMetrics(Alert alert) {
    Set<String> unknown = new TreeSet<>(PromQl.metrics(alert.expression()));
    assertTrue(!unknown.isEmpty(), alert::expression);

    unknown.removeAll(KnownMetrics.names());

    assertEquals(Set.of(), unknown);
  }

  /** {@link PromtoolTest} runs them. */
  @ParameterizedTest
  @MethodSource("alerts")
  void alertHasAFiringAndASilentTestCase(Alert alert) {
    List<List<?>> expected =
        Alert.tests().stream()
            .filter(group -> group.containsKey("promql_expr_test"))
            .flatMap(group -> Alert.maps(group.get("promql_expr_test")).stream())
            .filter(test -> asksFor(alert, test))
            .<List<?>>map(test -> (List<?>) test.get("exp_samples"))
            .toList();

    assertTrue(expected.stream().anyMatch(List::isEmpty), "none in which it does not fire");
    assertTrue(expected.stream().anyMatch(s -> !s.isEmpty()), "none in which it fires");
  }

  private static boolean asksFor(Alert alert, Map<String, ?> test) {
    return test.get("expr")
        .equals("count(ALERTS{alertname=\"%s\",alertstate=\"firing\"})".formatted(alert.name()));
  }
}
