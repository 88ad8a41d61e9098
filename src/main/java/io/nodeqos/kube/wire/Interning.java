// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import com.github.benmanes.caffeine.cache.Interner;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps one instance of values that are equal on thousands of objects (label keys, image names,
 * taints), and releases those that are no longer used, except for a few thousand of the last ones.
 * Thread-safe.
 */
public final class Interning {
  /** A few times as many as there are different values in the Nodes of a cluster. */
  private static final int RECENT = 4096;

  /** The interner takes as much memory for one text as a copy of this length. */
  private static final int SHORT = 64;

  /** More than the Nodes of most clusters have sets of label keys. */
  private static final int KEY_SETS = 1024;

  private final Interner<Object> values = Interner.newWeakInterner();

  private final Map<Set<String>, WeakReference<SharedKeyMap.Keys>> keySets =
      new ConcurrentHashMap<>();

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

  /**
   * A time, such as that of a transition. Several conditions of a Node have the same one, and later
   * Nodes have others, so only the last times are kept.
   */
  public Instant time(Instant time) {
    return last(time);
  }

  /** Without a reference from the interner. */
  private <T> T last(T value) {
    T last = recent(value);
    if (last == null) {
      recent[slot(value)] = value;
      return value;
    }
    return last;
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

  /**
   * A map that has its keys in common with thousands of others, and some values with none, such as
   * the labels of a Node with its own name among them.
   */
  public Map<String, String> ownValues(Map<String, String> map) {
    if (map.isEmpty()) {
      return Map.of();
    }
    SharedKeyMap.Keys keys = keys(map.keySet());
    return keys == null ? map(map) : keys.map(key -> ownValue(map.get(key)));
  }

  private String ownValue(String value) {
    return value.length() <= SHORT ? last(value) : value(value);
  }

  /** Null when other maps use too many sets of keys: then sharing them saves no memory. */
  private SharedKeyMap.Keys keys(Set<String> names) {
    WeakReference<SharedKeyMap.Keys> known = keySets.get(names);
    SharedKeyMap.Keys same = known == null ? null : known.get();
    if (same != null) {
      return same;
    }
    if (keySets.size() >= KEY_SETS) {
      keySets.values().removeIf(keys -> keys.get() == null);
      if (keySets.size() >= KEY_SETS) {
        return null;
      }
    }
    SharedKeyMap.Keys keys = SharedKeyMap.Keys.of(names.stream().map(this::value));
    keySets.put(keys.names(), new WeakReference<>(keys));
    return keys;
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
