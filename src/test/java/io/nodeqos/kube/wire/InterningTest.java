// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
        assertEquals(Map.of("key", "value", "i", "" + i), map);
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
