// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads strategies of Koordinator, and collects the fields that have no counterpart. */
final class SloStrategyReader {
  private final Set<String> comments;

  /**
   * @param comments gets a sentence for each thing that has no counterpart
   */
  SloStrategyReader(Set<String> comments) {
    this.comments = comments;
  }

  /** The strategy that these fields are; fields of a profile are read already. */
  SloStrategy read(String config, SourceFields fields) {
    Map<String, Object> values = new LinkedHashMap<>();
    switch (config) {
      case SloStrategy.COLOCATION -> colocation(fields, values);
      case SloStrategy.THRESHOLD -> threshold(fields, values);
      default -> qos(fields, values);
    }
    return new SloStrategy(values);
  }

  private void colocation(SourceFields fields, Map<String, Object> values) {
    String config = SloStrategy.COLOCATION;
    enable(config, "", fields, values);
    for (String field :
        List.of(
            "cpuReclaimThresholdPercent",
            "memoryReclaimThresholdPercent",
            "batchCPUThresholdPercent",
            "batchMemoryThresholdPercent",
            "midStaticCPUReservedPercent",
            "midStaticMemoryReservedPercent",
            "midCPUThresholdPercent",
            "midMemoryThresholdPercent")) {
      fields.number(field).ifPresent(v -> values.put(config + "." + field, v));
    }
    fields.text("midReclaimMode").ifPresent(v -> values.put(config + ".midReclaimMode", v));
    noCounterpart(fields, "quotas do not follow the use of a node");
  }

  private void threshold(SourceFields fields, Map<String, Object> values) {
    String config = SloStrategy.THRESHOLD;
    enable(config, "", fields, values);
    fields
        .number("cpuSuppressThresholdPercent")
        .ifPresent(v -> values.put(config + ".cpuSuppressThresholdPercent", v));
    noCounterpart(fields, "no pod is evicted, and limits do not follow the use of a node");
  }

  private void qos(SourceFields fields, Map<String, Object> values) {
    for (String theirs : new TreeSet<>(SloStrategy.CLASSES.keySet())) {
      fields
          .child(theirs)
          .ifPresent(
              qosClass -> {
                qosClass.child("blkioQOS").ifPresent(io -> blkio(theirs + ".blkioQOS", io, values));
                for (String feature : List.of("cpuQOS", "memoryQOS", "resctrlQOS", "networkQOS")) {
                  qosClass
                      .child(feature)
                      .filter(f -> f.optionalBool("enable").orElse(true))
                      .ifPresent(f -> comment(qosClass.path(feature), "quotas have no such field"));
                }
                noCounterpart(qosClass, "quotas have no such field");
              });
    }
    noCounterpart(fields, "quotas have no such class or policy");
  }

  private void blkio(String name, SourceFields io, Map<String, Object> values) {
    enable(SloStrategy.QOS, name + ".", io, values);
    Set<Long> weights = new TreeSet<>();
    for (SourceFields block : io.children("blocks")) {
      block.ignore("name", "type");
      block
          .child("ioCfg")
          .ifPresent(
              cfg -> {
                cfg.number("ioWeightPercent").ifPresent(weights::add);
                noCounterpart(cfg, "a quota has a weight of disk I/O, and no limit");
              });
      noCounterpart(block, "quotas have no such field");
    }
    if (weights.size() == 1) {
      values.put(SloStrategy.QOS + "." + name + ".ioWeightPercent", weights.iterator().next());
      comments.add(
          io.path("blocks")
              + ": the weight of one block device becomes io.weight, which is for all disks of a node.");
    } else if (weights.size() > 1) {
      comment(io.path("blocks"), "a class has one weight for all disks, and these have " + weights);
    }
    noCounterpart(io, "quotas have no such field");
  }

  private static void enable(
      String config, String prefix, SourceFields fields, Map<String, Object> values) {
    fields.optionalBool("enable").ifPresent(v -> values.put(config + "." + prefix + "enable", v));
  }

  private void noCounterpart(SourceFields fields, String why) {
    fields.unread().forEach(field -> comment(field, why));
  }

  private void comment(String field, String why) {
    comments.add(field + " has no counterpart: " + why + ".");
  }
}
