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
 * conditions), and releases those that are no longer used, except for a few thousand of the last
 * ones. Thread-safe.
 */
public final class Interning {
  /** A few times as many as there are different values in the Nodes of a cluster. */
  private static final int RECENT = 4096;

  private final Interner<Object> values = Interner.newWeakInterner();

  /**
   * The interned values that came last, by their hashes: most come again, and the interner is slow.
   * Without a lock, as they are immutable and no value is missed that is not here.
   */
  private final Object[] recent = new Object[RECENT];

  public String string(String value) {
    return value.isEmpty() ? "" : value(value);
  }

  /** The value must be immutable. */
  public <T> T value(T value) {
    T last = recent(value);
    return last == null ? kept(value) : last;
  }

  /** The interned value that equals this one; null when it was none of the last. */
  @SuppressWarnings("unchecked") // it equals this one, hence it is of the same type
  private <T> T recent(T value) {
    Object last = recent[slot(value)];
    return value.equals(last) ? (T) last : null;
  }

  @SuppressWarnings("unchecked") // the interner returns an equal value, hence one of the same type
  private <T> T kept(T value) {
    Object kept = values.intern(value);
    recent[slot(value)] = kept;
    return (T) kept;
  }

  private static int slot(Object value) {
    int hash = value.hashCode();
    return (hash ^ hash >>> 15) & (RECENT - 1);
  }

  public <V> Map<String, V> map(Map<String, V> map) {
    if (map.isEmpty()) {
      return Map.of();
    }
    Map<String, V> last = recent(map);
    if (last != null) {
      return last;
    }
    Map<String, V> interned = new HashMap<>(map.size() * 2);
    map.forEach((k, v) -> interned.put(value(k), value(v)));
    return kept(Map.copyOf(interned));
  }

  public <E> Set<E> set(Set<E> set) {
    if (set.isEmpty()) {
      return Set.of();
    }
    Set<E> last = recent(set);
    return last == null ? kept(Set.copyOf(set)) : last;
  }

  public <E> List<E> list(List<E> list) {
    if (list.isEmpty()) {
      return List.of();
    }
    List<E> last = recent(list);
    return last == null ? kept(List.copyOf(list)) : last;
  }
}
