// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The number of series, which is the cost of metrics where they are stored. */
class SeriesTest {
  private static final int NODES = 5_000;
  private static final int MAX_SERIES = 500;

  private static final List<String> RESULTS =
      List.of(
          "unchanged",
          "written",
          "not_leading",
          "not_synced",
          "damped",
          "cache_behind",
          "conflict",
          "retry",
          "rejected",
          "throttled",
          "deleted");

  private static final Map<String, List<Integer>> STATUSES =
      Map.of(
          "GET", List.of(200, 404, 410, 429, 500, 503),
          "PATCH", List.of(200, 403, 404, 409, 422, 429, 500, 503),
          "PUT", List.of(200, 409, 500),
          "POST", List.of(201, 409, 500));

  @Test
  void failingLargeFleetHasAtMostFiveHundredSeries() {
    Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS).withJvm();
    useEverything(metrics);
    List<String> series =
        series(metrics).stream().filter(s -> !s.startsWith("qos_rollout_")).toList();
    assertTrue(series.size() <= MAX_SERIES, series.size() + " series:\n" + byFamily(series));
    assertEquals(
        List.of(),
        series.stream()
            .filter(s -> s.matches(".*\"node-\\d+\".*") && !s.startsWith("qos_oldest"))
            .toList(),
        "only the oldest waiting node is named");
  }

  @Test
  void noSeriesOfARolloutNamesANodeOrARevision() {
    Metrics metrics = UsedMetrics.once(Metrics.create(MetricsSettings.DEFAULTS));

    assertEquals(
        Set.of("policy", "phase", "reason", "state"),
        series(metrics).stream()
            .filter(s -> s.startsWith("qos_rollout_"))
            .flatMap(s -> Pattern.compile("(\\w+)=\"").matcher(s).results())
            .map(label -> label.group(1))
            .collect(Collectors.toSet()));
  }

  @Test
  void allVersionsCountAndTheLargestHaveNames() {
    Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
    Map<String, Integer> nodes = new TreeMap<>();
    for (int i = 1; i <= 300; i++) {
      nodes.put("version-%03d".formatted(i), i);
    }
    metrics.nodes().configVersions(() -> nodes);
    String text = metrics.scrape(null).text();
    assertTrue(text.contains("qos_config_info{version=\"version-300\",} 1.0\n"), text);
    assertTrue(text.contains("qos_config_nodes{version=\"version-291\",} 291.0\n"), text);
    assertTrue(!text.contains("version-290"), text);
    assertTrue(
        text.contains("qos_config_nodes{version=\"other\",} 42195.0\n"), "1 to 290: " + text);
    assertTrue(text.contains("qos_config_versions 300.0\n"), text);
  }

  @Test
  void firstNamespacesHaveNamesAndTheOthersShareOne() {
    Metrics metrics = Metrics.create(new MetricsSettings(MetricsSettings.PerNode.NEVER));
    for (int i = 0; i < 40; i++) {
      metrics.sync().synced("n", "namespace-" + i, "unchanged", 1);
    }
    metrics.sync().synced("n", "namespace-0", "unchanged", 1);
    metrics.sync().synced("n", "", "unchanged", 1);
    String text = metrics.scrape(null).text();
    assertTrue(
        text.contains("{node=\"\",namespace=\"namespace-0\",result=\"unchanged\",} 2.0"), text);
    assertTrue(text.contains("{node=\"\",namespace=\"other\",result=\"unchanged\",} 36.0"), text);
    assertTrue(text.contains("{node=\"\",namespace=\"\",result=\"unchanged\",} 1.0"), text);
  }

  private static void useEverything(Metrics metrics) {
    metrics.sync().fleetSize(NODES);
    UsedMetrics.once(metrics);
    for (int i = 0; i < NODES; i++) {
      String namespace = i % 4 == 0 ? "" : "namespace-" + i % 40;
      for (String result : RESULTS) {
        metrics.sync().synced("node-" + i, namespace, result, i * 1_000_000L);
      }
    }
    for (String queue : List.of("nodes", "policies", "fanout")) {
      WorkQueueMetrics used = metrics.workQueue(queue);
      used.observe(() -> 1, () -> 1, () -> 1);
      used.observeFailing(() -> 1);
      used.observeThreads(() -> 1, () -> 1);
    }
    for (String worker : List.of("reservation", "zum", "image")) {
      metrics.qosWorkers().worked(worker, false, 1, 1);
    }
    metrics.qosWorkers().health(() -> Map.of("reservation", true, "zum", true, "image", false));
    metrics.nodes().phases(() -> numbered("phase", 6));
    metrics.nodes().waiting(() -> numbered("reason", 10));
    metrics.nodes().configVersions(() -> numbered("version", 300));
    metrics
        .nodes()
        .oldestWaiting(() -> Optional.of(new NodeMetrics.Waiting("node-17", "reason-3", 1)));
    STATUSES.forEach(
        (method, statuses) -> {
          for (int status : statuses) {
            boolean again = status == 429 || status >= 500;
            metrics.restClient().answered(status, method, "10.0.0.1:443", 1, again);
          }
          metrics.restClient().unanswered(method, "10.0.0.1:443", 1);
        });
    for (String resource :
        List.of("nodes", "pods", "namespaces", "daemonsets", "csinodes", "policies")) {
      metrics.informers().watch(resource, () -> 1);
    }
  }

  private static Map<String, Integer> numbered(String description, int count) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(i -> description + "-" + i, i -> i));
  }

  private static List<String> series(Metrics metrics) {
    return metrics.scrape(null).text().lines().filter(line -> !line.startsWith("#")).toList();
  }

  private static Map<String, Long> byFamily(List<String> series) {
    return series.stream()
        .collect(
            Collectors.groupingBy(
                s -> s.replaceFirst("[{ ].*", "").replaceFirst("_(bucket|sum|count)$", ""),
                TreeMap::new,
                Collectors.counting()));
  }
}
