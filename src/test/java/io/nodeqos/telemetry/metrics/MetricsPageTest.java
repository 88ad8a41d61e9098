// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.Type;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of metrics against those that there are. */
class MetricsPageTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z_]+)` \\| (counter|gauge|histogram) \\| (.*?) ?\\| (.+) \\|");

  /** Name to type and labels, for example "counter code, method, host". */
  private final Map<String, String> metrics = new TreeMap<>();

  @Test
  void tableNamesExactlyTheMetricsWithTypeAndLabels() throws IOException {
    assertEquals(registered(), documented());
  }

  @Test
  void everyMetricHasAHelpSentence() {
    CollectorRegistry registry = new CollectorRegistry(true);
    Metrics.create(registry, MetricsSettings.DEFAULTS);
    for (MetricFamilySamples family : Collections.list(registry.metricFamilySamples())) {
      assertTrue(family.help.matches("[A-Z].*\\."), family.name + ": " + family.help);
    }
  }

  private Map<String, String> documented() throws IOException {
    Matcher row = ROW.matcher(Files.readString(Path.of("src/site/markdown/metrics.md")));
    while (row.find()) {
      String labels =
          Arrays.stream(row.group(3).split(", "))
              .map(label -> label.replace("`", ""))
              .sorted()
              .collect(Collectors.joining(", "));
      metrics.put(row.group(1), (row.group(2) + " " + labels).strip());
    }
    return metrics;
  }

  private static Map<String, String> registered() {
    CollectorRegistry registry = new CollectorRegistry(true);
    UsedMetrics.once(Metrics.create(registry, MetricsSettings.DEFAULTS));
    return Collections.list(registry.metricFamilySamples()).stream()
        .collect(
            Collectors.toMap(
                MetricsPageTest::name, MetricsPageTest::typeAndLabels, (a, b) -> a, TreeMap::new));
  }

  private static String name(MetricFamilySamples family) {
    return family.type == Type.COUNTER ? family.name + "_total" : family.name;
  }

  private static String typeAndLabels(MetricFamilySamples family) {
    List<String> labels =
        family.samples.get(0).labelNames.stream().filter(l -> !l.equals("le")).sorted().toList();
    return (family.type.name().toLowerCase(Locale.ROOT) + " " + String.join(", ", labels)).strip();
  }
}
