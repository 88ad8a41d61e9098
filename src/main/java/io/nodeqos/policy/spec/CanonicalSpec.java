// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.spec.PolicySpec.QosClass;
import io.nodeqos.policy.spec.PolicySpec.Quota;
import io.nodeqos.policy.spec.PolicySpec.Reservation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The canonical text of a configuration section, from which the config version is computed: JSON
 * with sorted keys, without nulls and empty objects, with canonical quantities.
 */
final class CanonicalSpec {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private CanonicalSpec() {}

  static String of(Section section, Object canonicalValue) {
    return GSON.toJson(Map.of(section.field(), canonicalValue));
  }

  /** Ten hex digits that identify a list of strings. */
  static String hash(List<String> texts) {
    return Sha256.shortHex(GSON.toJson(texts));
  }

  static Object reservation(Reservation r) {
    Map<String, Object> fields = new TreeMap<>();
    amount(fields, "cpu", r.cpu());
    amount(fields, "memory", r.memory());
    amount(fields, "ephemeralStorage", r.ephemeralStorage());
    fields.put("countReservedPods", r.countReservedPods());
    return fields;
  }

  static Object quota(Quota quota) {
    return quota.classes().stream().map(CanonicalSpec::qosClass).toList();
  }

  private static Object qosClass(QosClass c) {
    Map<String, Object> cpu = new TreeMap<>();
    c.cpu().weight().ifPresent(w -> cpu.put("weight", w));
    amount(cpu, "max", c.cpu().max());
    Map<String, Object> memory = new TreeMap<>();
    amount(memory, "min", c.memory().min());
    amount(memory, "high", c.memory().high());
    amount(memory, "max", c.memory().max());
    Map<String, Object> io = new TreeMap<>();
    c.ioWeight().ifPresent(w -> io.put("weight", w));
    Map<String, Object> advertise = new TreeMap<>();
    amount(advertise, "cpu", c.advertise().cpu());
    amount(advertise, "memory", c.advertise().memory());
    Map<String, Object> fields = new TreeMap<>();
    fields.put("name", c.name());
    nested(fields, "cpu", cpu);
    nested(fields, "memory", memory);
    nested(fields, "io", io);
    nested(fields, "advertise", advertise);
    return fields;
  }

  private static void amount(Map<String, Object> fields, String name, Optional<Amount> amount) {
    amount.ifPresent(a -> fields.put(name, a.text()));
  }

  private static void nested(Map<String, Object> fields, String name, Map<String, Object> value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }
}
