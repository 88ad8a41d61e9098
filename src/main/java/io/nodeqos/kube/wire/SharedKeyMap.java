// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A map of texts that shares its keys with other maps: it has an array of its own values, and the
 * keys are one object for all. The 35 labels of a Node so take a third of the memory that {@link
 * Map#copyOf} takes. Immutable. Methods that take a key throw a NullPointerException for null, as
 * those of {@link Map#of()} do.
 */
final class SharedKeyMap extends AbstractMap<String, String> {
  private final Keys keys;
  private final String[] values;

  /** The keys of many maps, and the place of each in the arrays of values. Immutable. */
  static final class Keys {
    private final String[] names;
    private final Map<String, Integer> places;

    private Keys(String[] names, Map<String, Integer> places) {
      this.names = names;
      this.places = places;
    }

    static Keys of(Stream<String> keys) {
      String[] names = keys.toArray(String[]::new);
      Map<String, Integer> places = new HashMap<>();
      IntStream.range(0, names.length).forEach(i -> places.put(names[i], i));
      return new Keys(names, Map.copyOf(places));
    }

    Set<String> names() {
      return places.keySet();
    }

    /** The map of these keys. The value of each must not be null. */
    SharedKeyMap map(UnaryOperator<String> value) {
      String[] values = new String[names.length];
      for (int i = 0; i < names.length; i++) {
        values[i] = Objects.requireNonNull(value.apply(names[i]));
      }
      return new SharedKeyMap(this, values);
    }
  }

  private SharedKeyMap(Keys keys, String[] values) {
    this.keys = keys;
    this.values = values;
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public boolean containsKey(Object key) {
    return keys.places.containsKey(key);
  }

  @Override
  public String get(Object key) {
    Integer place = keys.places.get(key);
    return place == null ? null : values[place];
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return new Entries();
  }

  @Override
  public boolean equals(Object other) {
    return (other instanceof SharedKeyMap map && map.keys == keys)
        ? Arrays.equals(map.values, values)
        : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /** Without streams, which cost more than the rest of a look at all labels. */
  private final class Entries extends AbstractSet<Entry<String, String>> {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean contains(Object entry) {
      return entry instanceof Entry<?, ?> e
          && e.getValue() != null
          && e.getValue().equals(get(e.getKey()));
    }

    @Override
    public Iterator<Entry<String, String>> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < values.length;
        }

        @Override
        public Entry<String, String> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          Entry<String, String> entry = Map.entry(keys.names[next], values[next]);
          next++;
          return entry;
        }
      };
    }
  }
}
