// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeJournalTest {
  private static final TimeSource TIME = new FakeTime(Transitions.at(100)).source();

  @TempDir private Path directory;

  private static HistorySettings at(Path path) {
    return new HistorySettings(true, path.toString(), Duration.ofDays(7), 4 << 20);
  }

  /** Tries the disk again at each commit. */
  private static SafeJournal journal(Path path) {
    return new SafeJournal(at(path), TIME, Duration.ZERO);
  }

  private static List<String> messages(SafeJournal journal) {
    return messages(journal, 1_000);
  }

  private static List<String> messages(SafeJournal journal, int limit) {
    return journal.page(Transitions.query("", 0, limit)).transitions().stream()
        .map(Transition::message)
        .toList();
  }

  @Test
  void unusableDirectoryIsReportedOnceAndUsedWhenItWorks() throws IOException {
    Path taken = Files.writeString(directory.resolve("taken"), "");
    NodeMarks marks = NodeMarks.of(Nodes.warm("n1").build());
    SafeJournal journal = journal(taken);
    try (CapturedLog log = CapturedLog.of(SafeJournal.class)) {
      assertEquals(Map.of(), journal.open());
      journal.append(Transitions.of("n1", 1));
      journal.commit(List.of(marks));
      journal.append(Transitions.of("n1", 2));
      journal.commit(List.of(marks));
      assertTrue(journal.isDegraded());
      assertEquals(List.of("1", "2"), messages(journal), "it is all there, in memory");
      assertEquals(1, log.warnings().size(), log.warnings().toString());
      assertTrue(log.warnings().get(0).contains("history.directory=" + taken), "names the setting");

      Files.delete(taken);
      journal.commit(List.of(marks));
      assertFalse(journal.isDegraded());
      assertEquals(List.of("History back on disk: directory=" + taken), log.infos());
      assertEquals(2, journal.entries());
    }
    journal.append(Transitions.of("n1", 3));
    journal.close(List.of(marks));

    SafeJournal next = journal(taken);
    assertEquals(Map.of("n1", marks), next.open(), "with what the nodes carried");
    assertEquals(List.of("1", "2", "3"), messages(next));
    next.close(List.of());
  }

  @Test
  void secondProcessOnTheSameDirectoryKeepsItsHistoryInMemory() {
    SafeJournal first = journal(directory);
    first.open();
    first.append(Transitions.of("n1", 1));
    first.commit(List.of());
    SafeJournal second = journal(directory);
    try (CapturedLog log = CapturedLog.of(SafeJournal.class)) {
      second.open();
      assertTrue(
          log.warnings()
              .get(0)
              .startsWith("History falls back to memory: another process uses the history file"),
          log.warnings().toString());
    }
    second.append(Transitions.of("n1", 2));
    second.commit(List.of());
    assertEquals(List.of("2"), messages(second));
    assertTrue(second.isDegraded());
    first.close(List.of());
    second.commit(List.of());
    assertFalse(second.isDegraded(), "it takes over what the first has left");
    assertEquals(List.of("1", "2"), messages(second));
    second.close(List.of());
  }

  @Test
  void unreadableFileIsMovedAsideWithOneLogLine() throws IOException {
    Files.writeString(directory.resolve(DiskJournal.FILE), "not a store".repeat(2_000));
    SafeJournal journal = journal(directory);
    try (CapturedLog log = CapturedLog.of(SafeJournal.class)) {
      journal.open();
      assertEquals(1, log.warnings().size(), log.warnings().toString());
      assertTrue(
          log.warnings().get(0).contains("a new one started: the history file cannot be read"),
          log.warnings().toString());
    }
    assertFalse(journal.isDegraded());
    assertTrue(Files.exists(directory.resolve(DiskJournal.CORRUPT)));
    journal.append(Transitions.of("n1", 1));
    journal.commit(List.of());
    assertEquals(List.of("1"), messages(journal));
    journal.close(List.of());
  }

  /**
   * A file above its bound on a disk without room for the smaller copy, for many retries. Each
   * transition is kept once, wherever it failed.
   */
  @Test
  void uncompactableFileDoesNotGrowAndKeepsEachTransitionOnce() throws IOException {
    SafeJournal journal = journal(directory);
    journal.open();
    // No file can take the place of a directory that is not empty.
    Path copy = Files.createDirectories(directory.resolve(DiskJournal.COPY).resolve("x"));
    List<String> written = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 8_000 && !journal.isDegraded(); i++) {
      StringBuilder message = new StringBuilder(i + " ");
      random.ints(600, ' ', '~').forEach(c -> message.append((char) c));
      written.add(message.toString());
      journal.append(Transitions.of("n" + i % 50, message.toString(), Transitions.at(i)));
      if (i % 100 == 99) {
        journal.commit(List.of());
      }
    }
    assertTrue(journal.isDegraded(), "it went over its bound");
    long size = Files.size(directory.resolve(DiskJournal.FILE));
    for (int i = 0; i < 5; i++) {
      written.add("late " + i);
      journal.append(Transitions.of("late", "late " + i, Transitions.at(9_000 + i)));
      journal.commit(List.of());
    }
    assertTrue(journal.isDegraded());
    assertEquals(size, Files.size(directory.resolve(DiskJournal.FILE)), "bytes of the file");

    Files.delete(copy);
    Files.delete(copy.getParent());
    journal.commit(List.of());

    assertFalse(journal.isDegraded());
    List<String> kept = messages(journal, 10_000);
    assertEquals(written.subList(written.size() - kept.size(), written.size()), kept);
    assertTrue(kept.size() > 1_000, "kept " + kept.size());
    journal.close(List.of());
  }

  @Test
  void memoryBySettingIsNotDegraded() {
    SafeJournal journal = new SafeJournal(HistorySettings.DEFAULTS, TIME);
    assertEquals(Map.of(), journal.open());
    journal.append(Transitions.of("n1", 1));
    journal.commit(List.of());
    assertFalse(journal.isDegraded());
    assertEquals(1, journal.entries());
  }

  @Test
  void expiredTransitionsAreForgotten() {
    SafeJournal journal =
        new SafeJournal(
            new HistorySettings(true, directory.toString(), Duration.ofSeconds(50), 4 << 20), TIME);
    journal.open();
    journal.append(Transitions.of("n1", 49));
    journal.append(Transitions.of("n1", 51));
    journal.commit(List.of());
    assertEquals(List.of("51"), messages(journal));
    journal.close(List.of());
  }
}
