// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of Koordinator's strategies that quotas can express, for one group of nodes. A field is
 * empty when the strategy leaves it to that of the cluster.
 *
 * @param values path of a field to its value: a number, or true or false
 */
record SloStrategy(Map<String, Object> values) {
  static final String COLOCATION = "colocation-config";
  static final String THRESHOLD = "resource-threshold-config";
  static final String QOS = "resource-qos-config";

  /** Class of Koordinator to the class of the quota. */
  static final Map<String, String> CLASSES =
      Map.of("lsrClass", "lsr", "lsClass", "ls", "beClass", "batch", "systemClass", "system");

  private static final long FULL = 100;
  private static final long RECLAIMED_CPU = 60;
  private static final long RECLAIMED_MEMORY = 65;
  private static final long SUPPRESSED_CPU = 65;

  SloStrategy {
    values = Map.copyOf(values);
  }

  /** This strategy, with its fields where it sets them. */
  SloStrategy over(SloStrategy cluster) {
    Map<String, Object> all = new LinkedHashMap<>(cluster.values);
    all.putAll(values);
    return new SloStrategy(all);
  }

  /** The classes of the quota by name, in the order of their names, without empty ones. */
  Map<String, Map<String, Object>> classes() {
    Map<String, Map<String, Object>> classes = new TreeMap<>();
    if (isSet(COLOCATION, "enable")) {
      put(
          classes,
          "batch",
          "advertise",
          "cpu",
          percent(
              COLOCATION, "cpuReclaimThresholdPercent", RECLAIMED_CPU, "batchCPUThresholdPercent"));
      put(
          classes,
          "batch",
          "advertise",
          "memory",
          percent(
              COLOCATION,
              "memoryReclaimThresholdPercent",
              RECLAIMED_MEMORY,
              "batchMemoryThresholdPercent"));
      if ("static".equals(values.get(COLOCATION + ".midReclaimMode"))) {
        midPercent("midStaticCPUReservedPercent", "midCPUThresholdPercent")
            .ifPresent(v -> put(classes, "mid", "advertise", "cpu", v));
        midPercent("midStaticMemoryReservedPercent", "midMemoryThresholdPercent")
            .ifPresent(v -> put(classes, "mid", "advertise", "memory", v));
      }
    }
    if (isSet(THRESHOLD, "enable")) {
      put(
          classes,
          "batch",
          "cpu",
          "max",
          Math.min(FULL, number(THRESHOLD, "cpuSuppressThresholdPercent").orElse(SUPPRESSED_CPU))
              + "%");
    }
    CLASSES.forEach(
        (theirs, ours) -> {
          if (isSet(QOS, theirs + ".blkioQOS.enable")) {
            number(QOS, theirs + ".blkioQOS.ioWeightPercent")
                .filter(weight -> weight > 0)
                .ifPresent(weight -> put(classes, ours, "io", "weight", weight));
          }
        });
    return classes;
  }

  private static void put(
      Map<String, Map<String, Object>> classes,
      String qosClass,
      String group,
      String field,
      Object value) {
    Map<String, Object> fields = classes.computeIfAbsent(qosClass, name -> new LinkedHashMap<>());
    @SuppressWarnings("unchecked")
    Map<String, Object> inGroup =
        (Map<String, Object>) fields.computeIfAbsent(group, name -> new LinkedHashMap<>());
    inGroup.put(field, value);
  }

  /** The smaller of both; the second has no default. */
  private String percent(String config, String field, long byDefault, String most) {
    long percent = number(config, field).orElse(byDefault);
    return Math.min(Math.min(percent, FULL), number(config, most).orElse(FULL)) + "%";
  }

  private Optional<String> midPercent(String field, String most) {
    return number(COLOCATION, field)
        .map(v -> Math.min(Math.min(v, FULL), number(COLOCATION, most).orElse(FULL)) + "%");
  }

  private boolean isSet(String config, String field) {
    return Boolean.TRUE.equals(values.get(config + "." + field));
  }

  private Optional<Long> number(String config, String field) {
    return Optional.ofNullable(values.get(config + "." + field))
        .filter(Long.class::isInstance)
        .map(Long.class::cast);
  }
}
