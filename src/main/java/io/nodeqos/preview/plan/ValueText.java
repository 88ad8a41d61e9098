// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.preview.change.Change;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values as a reader wants them: bytes as Gi, cpu.max as cores. */
final class ValueText {
  private static final List<String> UNITS = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  /** Fields of list elements with their defaults. */
  private static final Set<String> DEFAULTS =
      Set.of("onTimeout=Hold", "pull=IfNotPresent", "status=True");

  private static final String ARROW = " -> ";

  private ValueText() {}

  /** Both values of a change, or the one that there is. */
  static String of(Change change) {
    String before = value(change.key(), change.before());
    String after = value(change.key(), change.after());
    if (before.equals(after) && !change.before().equals(change.after())) {
      // Rounded to the same.
      before = change.before();
      after = change.after();
    }
    return Stream.of(before, after).filter(v -> !v.isEmpty()).collect(Collectors.joining(ARROW));
  }

  private static String value(String key, String value) {
    int range = value.indexOf(Change.RANGE);
    return range > 0
        ? single(key, value.substring(0, range))
            + " to "
            + single(key, value.substring(range + Change.RANGE.length()))
        : single(key, value);
  }

  private static String single(String key, String value) {
    if (value.equals("true") && key.endsWith("]")) {
      return "";
    }
    if (key.endsWith(".cpu.max") && value.matches("\\d+ [1-9]\\d*")) {
      String[] parts = value.split(" ", 2);
      return number(new BigDecimal(parts[0]), new BigDecimal(parts[1])) + " cores";
    }
    boolean isBytes =
        key.contains(".memory.") || (Keys.isOwnResource(key) && key.endsWith(Keys.MEMORY_SUFFIX));
    return isBytes && value.matches("\\d{4,}") ? bytes(new BigDecimal(value)) : value;
  }

  private static String bytes(BigDecimal value) {
    int unit = 0;
    BigDecimal scale = BigDecimal.ONE;
    while (unit < UNITS.size() - 1 && value.compareTo(scale.multiply(KIBI)) >= 0) {
      scale = scale.multiply(KIBI);
      unit++;
    }
    return number(value, scale) + UNITS.get(unit);
  }

  private static String number(BigDecimal value, BigDecimal scale) {
    BigDecimal rounded = value.divide(scale, 1, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }

  /**
   * A value of a policy: a whole element of a list as its fields, but not those that its path
   * names.
   */
  static String of(String path, JsonElement value) {
    if (!value.isJsonObject()) {
      return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }
    List<String> fields = new ArrayList<>();
    add(fields, "", value.getAsJsonObject());
    String name = path.substring(path.lastIndexOf('[') + 1);
    fields.removeAll(DEFAULTS);
    fields.removeIf(field -> name.contains(field.substring(field.indexOf('=') + 1)));
    return String.join(" ", fields);
  }

  private static void add(List<String> fields, String path, JsonObject object) {
    for (Map.Entry<String, JsonElement> field : object.entrySet()) {
      String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      if (field.getValue().isJsonObject()) {
        add(fields, at, field.getValue().getAsJsonObject());
      } else {
        fields.add(at + "=" + of(at, field.getValue()));
      }
    }
  }
}
