// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Values from the command line, by key. */
record FlagSource(Map<String, String> values) implements Source {
  private static final String ORIGIN = "command line";

  @Override
  public Optional<RawValue> find(String key) {
    return Optional.ofNullable(values.get(key)).map(text -> new RawValue(text, ORIGIN));
  }

  @Override
  public List<String> unknown(Set<String> known) {
    return values.keySet().stream()
        .filter(key -> !known.contains(key))
        .sorted()
        .map(key -> ORIGIN + ": unknown key " + key + Suggestion.among(known, key))
        .toList();
  }

  @Override
  public List<String> problems() {
    return List.of();
  }
}
