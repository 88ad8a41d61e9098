// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The common behaviour of both journals. */
class JournalTest {
  @TempDir private Path directory;

  private void each(Consumer<Journal> test) {
    try (Journal memory = new MemoryJournal(1_000)) {
      test.accept(memory);
    }
    try (Journal disk = DiskJournal.open(directory, 4 << 20)) {
      test.accept(disk);
    }
  }

  private static List<String> messages(HistoryPage page) {
    return page.transitions().stream().map(Transition::message).toList();
  }

  @Test
  void pageHasTheNewestTransitionsAndPointsToThePageBefore() {
    each(
        journal -> {
          for (int i = 0; i < 10; i++) {
            journal.append(Transitions.of("n" + i % 2, i));
          }
          journal.append(Transitions.of("n10", 10));
          HistoryPage page = journal.page(Transitions.query("n1", 0, 3));
          assertEquals(List.of("5", "7", "9"), messages(page), "newest last, and not those of n10");
          HistoryPage before = journal.page(Transitions.query("n1", 0, 3, page.before()));
          assertEquals(List.of("1", "3"), messages(before));
          assertEquals(0, before.before(), "nothing before that");
          assertEquals(11, journal.page(Transitions.query("", 0, 100)).transitions().size());
          assertEquals(List.of(), messages(journal.page(Transitions.query("n", 0, 9))));
          assertEquals(List.of(), messages(journal.page(Transitions.query("n10/", 0, 9))));
        });
  }

  @Test
  void pagesTogetherHoldEachTransitionOnce() {
    each(
        journal -> {
          for (int i = 0; i < 25; i++) {
            // Many in one moment: their order is that in which they came.
            journal.append(Transitions.of("n1", i, Transitions.at(i / 10)));
          }
          List<String> all = new ArrayList<>();
          long before = Long.MAX_VALUE;
          for (int pages = 0; before != 0 && pages < 10; pages++) {
            HistoryPage page = journal.page(Transitions.query("n1", 0, 7, before));
            List<String> older = new ArrayList<>(messages(page));
            Collections.reverse(older);
            all.addAll(older);
            before = page.before();
          }
          List<String> expected = new ArrayList<>();
          for (int i = 24; i >= 0; i--) {
            expected.add(Integer.toString(i));
          }
          assertEquals(expected, all);
        });
  }

  @Test
  void sinceFiltersByTheTimeOfTheTransition() {
    each(
        journal -> {
          journal.append(Transitions.of("n1", 1, Transitions.at(10)));
          journal.append(Transitions.of("n1", 2, Transitions.at(20)));
          journal.append(Transitions.of("n1", 3, Transitions.at(5)));
          assertEquals(List.of("1", "2"), messages(journal.page(Transitions.query("n1", 8, 9))));
          assertEquals(
              List.of("3", "1", "2"),
              messages(journal.page(Transitions.query("", 0, 9))),
              "one that was rebuilt later stands where it belongs");
        });
  }

  @Test
  void oldTransitionsAreForgotten() {
    each(
        journal -> {
          for (int i = 0; i < 10; i++) {
            journal.append(Transitions.of("n1", i));
          }
          assertEquals(10, journal.entries());
          journal.evict(Transitions.at(6));
          assertEquals(4, journal.entries());
          assertEquals(
              List.of("6", "7", "8", "9"), messages(journal.page(Transitions.query("n1", 0, 99))));
          journal.evict(Instant.now().plus(Duration.ofDays(1)));
          assertEquals(0, journal.entries());
          assertEquals(List.of(), messages(journal.page(Transitions.query("n1", 0, 99))));
        });
  }

  @Test
  void memoryKeepsOnlyTheLatestTransitions() {
    try (Journal journal = new MemoryJournal(100)) {
      for (int i = 0; i < 1_000; i++) {
        journal.append(Transitions.of("n1", i));
      }
      assertEquals(100, journal.entries());
      assertEquals("900", messages(journal.page(Transitions.query("", 0, 1_000))).get(0));
      assertTrue(journal.bytes() < 100 * 400, "of those that are there: " + journal.bytes());
    }
  }
}
