// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import com.github.benmanes.caffeine.cache.Interner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps one instance of values that are equal on thousands of objects (label keys, image names,
 * conditions), and releases those that are no longer used. Thread-safe.
 */
public final class Interning {
  private final Interner<Object> values = Interner.newWeakInterner();

  public String string(String value) {
    return value.isEmpty() ? "" : value(value);
  }

  /** The value must be immutable. */
  @SuppressWarnings("unchecked")
  public // the interner returns an equal value, hence one of the same type
  <T> T value(T value) {
    return (T) values.intern(value);
  }

  public <V> Map<String, V> map(Map<String, V> map) {
    if (map.isEmpty()) {
      return Map.of();
    }
    Map<String, V> interned = new HashMap<>(map.size() * 2);
    map.forEach((k, v) -> interned.put(value(k), value(v)));
    return value(Map.copyOf(interned));
  }

  public <E> Set<E> set(Set<E> set) {
    return set.isEmpty() ? Set.of() : value(Set.copyOf(set));
  }

  public <E> List<E> list(List<E> list) {
    return list.isEmpty() ? List.of() : value(List.copyOf(list));
  }
}
