// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of all possible series, of this process and of its environment. */
final class KnownMetrics {
  private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");

  /** Of kube-state-metrics. */
  private static final Set<String> OF_KUBERNETES =
      Set.of("kube_deployment_spec_replicas", "kube_deployment_status_replicas_available");

  private KnownMetrics() {}

  static Set<String> names() {
    Set<String> names = new TreeSet<>(OF_KUBERNETES);
    String text = Metrics.create(MetricsSettings.DEFAULTS).withJvm().scrape("").text();
    Matcher family = FAMILY.matcher(text);
    while (family.find()) {
      names.addAll(series(family.group(1), family.group(2)));
    }
    return names;
  }

  private static Set<String> series(String family, String type) {
    return switch (type) {
      case "histogram" ->
          Stream.of("_bucket", "_sum", "_count").map(family::concat).collect(Collectors.toSet());
      case "summary" -> Set.of(family, family + "_sum", family + "_count");
      default -> Set.of(family);
    };
  }
}
