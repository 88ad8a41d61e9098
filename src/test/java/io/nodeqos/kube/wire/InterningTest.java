// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Equal values become one object, also when thousands of others came in between. */
class InterningTest {
  private static final int MANY = 20_000;

  private final Interning interning = new Interning();

  private static String fresh(String text) {
    return String.valueOf(text.toCharArray());
  }

  @Test
  void equalTextsAreOneObject() {
    List<String> first = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      first.add(interning.string(fresh("text " + i)));
    }
    for (int i = 0; i < MANY; i++) {
      assertEquals("text " + i, first.get(i));
      assertSame(first.get(i), interning.string(fresh("text " + i)));
    }
    assertSame("", interning.string(fresh("")));
  }

  @Test
  void ownValuesThatComeAgainAndAgainAreHardlyEverTwoObjects() {
    Set<String> copies = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < MANY; i++) {
      Map<String, String> labels =
          interning.ownValues(Map.of("host", "node-" + i, "os", fresh("Ubuntu 24.04")));
      assertEquals("node-" + i, labels.get("host"));
      copies.add(labels.get("os"));
    }
    assertTrue(copies.size() <= 1 + 2 * MANY / 4096, "one for each that took its place: " + copies);
  }

  @Test
  void mapsOfOwnValuesShareTheirKeysAndAreEqualToOthers() {
    Map<String, String> given = new HashMap<>(Map.of(fresh("zone"), "a", fresh("host"), "node-1"));
    Map<String, String> one = interning.ownValues(given);
    Map<String, String> two =
        interning.ownValues(Map.of(fresh("host"), "node-2", fresh("zone"), "a"));
    Map<String, String> other = new Interning().ownValues(given);
    given.put("host", "changed");

    assertEquals(Map.of("zone", "a", "host", "node-1"), one);
    assertEquals(one, Map.of("zone", "a", "host", "node-1"));
    assertEquals(Map.of("zone", "a", "host", "node-1").hashCode(), one.hashCode());
    assertEquals(one, interning.ownValues(Map.of("host", "node-1", "zone", "a")));
    assertEquals(one, other, "with keys of its own");
    assertEquals(other, one);
    assertNotEquals(one, two);
    assertNotEquals(two, other);
    assertNotEquals(one, Map.of("zone", "a"));
    assertEquals(Set.of("zone", "host"), one.keySet());
    assertTrue(one.containsKey("zone") && !one.containsKey("rack"));
    assertNull(one.get("rack"));
    assertThrows(NullPointerException.class, () -> one.get(null));
    assertTrue(one.entrySet().containsAll(Map.of("zone", "a").entrySet()));
    assertFalse(one.entrySet().contains(Map.entry("zone", "b")));
    assertFalse(one.entrySet().contains(Map.entry("rack", "a")));
    assertThrows(UnsupportedOperationException.class, () -> one.put("host", "b"));
    assertThrows(UnsupportedOperationException.class, () -> one.remove("host"));
    Iterator<String> firstKeys = one.keySet().iterator();
    two.keySet().forEach(key -> assertSame(firstKeys.next(), key));
    assertSame(Map.of(), interning.ownValues(Map.of()));
  }

  @Test
  void moreSetsOfKeysInUseThanAreSharedAreMapsOfTheirOwn() {
    List<Map<String, String>> inUse = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      Map<String, String> labels = Map.of("key " + i, "a", "zone", "" + i);
      inUse.add(interning.ownValues(labels));
      assertEquals(labels, inUse.get(i));
    }
    assertTrue(inUse.get(0) instanceof SharedKeyMap);
    assertFalse(inUse.get(2999) instanceof SharedKeyMap, "there is no gain left");
  }

  @Test
  void equalTimesOfOneObjectAreOneInstance() {
    for (long second = 0; second < MANY; second++) {
      Instant boot = interning.time(Instant.ofEpochSecond(second));
      Instant ready = interning.time(Instant.ofEpochSecond(second + 40, 5));
      assertEquals(Instant.ofEpochSecond(second), boot);
      assertEquals(Instant.ofEpochSecond(second + 40, 5), ready);
      assertSame(boot, interning.time(Instant.ofEpochSecond(second)));
      assertSame(ready, interning.time(Instant.ofEpochSecond(second + 40, 5)));
    }
  }

  @Test
  void equalCollectionsAreOneObjectOfInternedElements() {
    String key = interning.string(fresh("key"));
    String value = interning.string(fresh("value"));
    List<Object> first = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < MANY; i++) {
        Map<String, String> map =
            interning.map(new HashMap<>(Map.of(fresh("key"), fresh("value"), "i", "" + i)));
        Set<String> set = interning.set(new HashSet<>(List.of("a", "" + i)));
        List<String> list = interning.list(new ArrayList<>(List.of("a", "" + i)));
        assertEquals(Map.of(key, value, "i", "" + i), map);
        assertEquals(Set.of("a", "" + i), set);
        assertEquals(List.of("a", "" + i), list);
        if (round == 0) {
          map.forEach(
              (k, v) -> {
                if (k.equals(key)) {
                  assertSame(key, k);
                  assertSame(value, v);
                }
              });
          first.addAll(List.of(map, set, list));
        } else {
          assertSame(first.get(3 * i), map);
          assertSame(first.get(3 * i + 1), set);
          assertSame(first.get(3 * i + 2), list);
        }
      }
    }
  }

  @Test
  void whatIsKeptCannotBeChangedByTheGiver() {
    Set<String> given = new HashSet<>(List.of("a"));
    Set<String> kept = interning.set(given);
    given.add("b");

    assertEquals(Set.of("a"), kept);
    assertSame(kept, interning.set(new HashSet<>(List.of("a"))));
    assertEquals(Set.of("a", "b"), interning.set(given));
    assertThrows(UnsupportedOperationException.class, () -> kept.add("c"));
  }
}
