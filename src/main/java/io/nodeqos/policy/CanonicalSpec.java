// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.PolicySpec.QosClass;
import io.nodeqos.policy.PolicySpec.Quota;
import io.nodeqos.policy.PolicySpec.Reservation;
import io.nodeqos.policy.PolicySpec.Sections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The canonical text of configuration sections, from which the config version is computed: JSON
 * with sorted keys, without nulls and empty objects, with canonical quantities.
 */
final class CanonicalSpec {
  static final String EMPTY = "{}";
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private CanonicalSpec() {}

  static String of(Sections sections) {
    Map<String, Object> spec = new TreeMap<>();
    sections.reservation().ifPresent(r -> spec.put(CompiledConfig.RESERVATION, reservation(r)));
    sections.quota().ifPresent(q -> spec.put(CompiledConfig.QUOTA, quota(q)));
    // How they are brought there is for this controller alone, as the section warmUp is.
    sections.images().ifPresent(i -> spec.put(CompiledConfig.IMAGES, i.refs()));
    return GSON.toJson(spec);
  }

  /** The first ten hex digits of the SHA-256 of a text or of a list of texts as JSON. */
  static String hash(Object value) {
    String text = value instanceof String string ? string : GSON.toJson(value);
    return Sha256.shortHex(text);
  }

  private static Object reservation(Reservation r) {
    Map<String, Object> fields = new TreeMap<>();
    amount(fields, "cpu", r.cpu());
    amount(fields, "memory", r.memory());
    amount(fields, "ephemeralStorage", r.ephemeralStorage());
    fields.put("countReservedPods", r.countReservedPods());
    return fields;
  }

  private static List<Object> quota(Quota quota) {
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
