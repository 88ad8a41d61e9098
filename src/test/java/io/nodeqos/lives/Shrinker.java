// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds a short list that still fails: it leaves out ever smaller parts, until no single element
 * can be left out (delta debugging). A library such as jqwik shrinks the values of its own
 * generators; here a step keeps its meaning when others are gone, so that to leave steps out is all
 * there is.
 */
final class Shrinker {
  private Shrinker() {}

  static <T> List<T> shortest(List<T> failing, Predicate<List<T>> fails) {
    List<T> now = failing;
    for (int size = Math.max(1, now.size() / 2); size > 0; ) {
      List<T> shorter = without(now, size, fails);
      if (shorter.size() < now.size()) {
        now = shorter;
        size = Math.max(1, Math.min(size, now.size() / 2));
        if (now.isEmpty()) {
          return now;
        }
      } else {
        size /= 2;
      }
    }
    return now;
  }

  /** The list without each part of this size that it fails without. */
  private static <T> List<T> without(List<T> list, int size, Predicate<List<T>> fails) {
    List<T> now = list;
    for (int from = 0; from < now.size(); ) {
      List<T> rest = new ArrayList<>(now.subList(0, from));
      rest.addAll(now.subList(Math.min(now.size(), from + size), now.size()));
      if (fails.test(rest)) {
        now = rest;
      } else {
        from += size;
      }
    }
    return now;
  }
}
