// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads settings, first source first, and collects mistakes instead of stopping at the first: an
 * invalid value is replaced by its default and noted. The settings that are read make up the
 * catalogue, so a setting cannot be read without being documented. For one use by one thread.
 */
final class SettingsReader {
  private final List<Source> sources;
  private final Map<String, SettingInfo> known = new LinkedHashMap<>();
  private final Map<String, String> shown = new LinkedHashMap<>();
  private final Set<String> wrong = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  SettingsReader(List<Source> sources) {
    this.sources = sources;
  }

  /**
   * Builds a record from settings that are read in the call. An exception of its constructor
   * becomes a mistake of the section, unless one of its values was a mistake already.
   */
  <T> T section(String name, T defaults, Supplier<T> build) {
    int before = known.size();
    try {
      return build.get();
    } catch (IllegalArgumentException e) {
      List<String> keys = known.keySet().stream().skip(before).toList();
      if (keys.stream().noneMatch(wrong::contains)) {
        String values =
            String.join(", ", keys.stream().map(k -> k + " is " + shown.get(k)).toList());
        problems.add(name + ": " + e.getMessage() + " (" + values + ")");
      }
      return defaults;
    }
  }

  /**
   * As the other, for a record that accepts all values and reports its problems in sentences that
   * name the keys.
   */
  <T> T section(Supplier<T> build, Function<T, List<String>> check) {
    int before = known.size();
    T built = build.get();
    if (known.keySet().stream().skip(before).noneMatch(wrong::contains)) {
      problems.addAll(check.apply(built));
    }
    return built;
  }

  List<SettingInfo> catalogue() {
    return List.copyOf(known.values());
  }

  /** Every mistake in values and names. */
  List<String> problems() {
    List<String> all = new ArrayList<>();
    for (Source source : sources) {
      all.addAll(source.problems());
      all.addAll(source.unknown(known.keySet()));
    }
    all.addAll(problems);
    return all;
  }

  /** The text of every setting, given or default. */
  Map<String, String> values() {
    return Map.copyOf(shown);
  }

  /** Reads one setting that takes effect only at the start, and notes it in the catalogue. */
  <T> T get(String key, SettingType<T> type, T defaultValue, String doc) {
    return read(key, type, defaultValue, doc, false);
  }

  /** Reads one setting whose changes take effect at once, and notes it in the catalogue. */
  <T> T live(String key, SettingType<T> type, T defaultValue, String doc) {
    return read(key, type, defaultValue, doc, true);
  }

  private <T> T read(
      String key, SettingType<T> type, T defaultValue, String doc, boolean takesEffectAtOnce) {
    String written = type.writer().apply(defaultValue);
    known.put(key, new SettingInfo(key, type.allowed(), written, doc, takesEffectAtOnce));
    Optional<RawValue> raw =
        sources.stream().map(source -> source.find(key)).flatMap(Optional::stream).findFirst();
    shown.put(key, raw.map(RawValue::text).orElse(written));
    if (raw.isEmpty()) {
      return defaultValue;
    }
    try {
      return type.parser().apply(raw.get().text().strip());
    } catch (IllegalArgumentException e) {
      wrong.add(key);
      problems.add(
          "%s: %s is \"%s\", but must be %s"
              .formatted(raw.get().origin(), key, raw.get().text(), type.allowed()));
      return defaultValue;
    }
  }
}
