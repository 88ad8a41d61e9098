// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.history.JournalException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskJournalTest {
  private static final long MAX_BYTES = 4 << 20;

  @TempDir private Path directory;

  private DiskJournal open() {
    return DiskJournal.open(directory, MAX_BYTES);
  }

  private Path file() {
    return directory.resolve(DiskJournal.FILE);
  }

  @Test
  void reopenedJournalHasAllEntriesWithAllFields() {
    NodeMarks marks = NodeMarks.of(Nodes.warm("n1").build()).withLastDone("x y");
    try (DiskJournal journal = open()) {
      journal.append(Transitions.of("n1", 1));
      journal.remember(marks);
      journal.remember(NodeMarks.of(Nodes.warm("n2").build()));
      journal.forget("n2");
    }
    try (DiskJournal journal = open()) {
      assertEquals(List.of(Transitions.of("n1", 1)), List.copyOf(journal.all()));
      assertEquals(Map.of("n1", marks), journal.remembered());
      journal.append(Transitions.of("n1", 0));
      assertEquals(2, journal.entries(), "a clock that went back overwrites nothing");
    }
  }

  /** A replica that is upgraded keeps its history. The file was written by h2-mvstore 2.4.240. */
  @Test
  void fileOfAnEarlierVersionIsRead() throws IOException {
    try (InputStream written = DiskJournalTest.class.getResourceAsStream("h2-mvstore-2.4.240.db")) {
      Files.copy(written, file());
    }
    try (DiskJournal journal = open()) {
      assertEquals(300, journal.entries());
      assertEquals(Transitions.of("n0", 0), journal.all().iterator().next());
      assertEquals(
          "299", journal.page(Transitions.query("n4", 0, 1)).transitions().get(0).message());
      assertEquals(Map.of("n1", NodeMarks.of(Nodes.warm("n1").build())), journal.remembered());
      journal.append(Transitions.of("n1", 300));
      journal.commit();
      assertEquals(301, journal.entries());
    }
  }

  @Test
  void fileStaysWithinItsLimitAndKeepsTheNewestEntries() {
    Random random = new Random(1);
    try (DiskJournal journal = open()) {
      long largest = 0;
      for (int i = 0; i < 30_000; i++) {
        // Random letters, which do not compress.
        StringBuilder message = new StringBuilder(i + " ");
        random.ints(600, ' ', '~').forEach(c -> message.append((char) c));
        journal.append(Transitions.of("n" + i % 50, message.toString(), Transitions.at(i)));
        if (i % 100 == 99) {
          journal.commit();
          largest = Math.max(largest, file().toFile().length());
        }
      }
      assertTrue(largest < MAX_BYTES, "at most " + largest);
      assertTrue(largest > MAX_BYTES / 4, "and it uses what it may: " + largest);
      long kept = journal.entries();
      assertTrue(kept > 1_000 && kept < 30_000, "kept " + kept);
      HistoryPage page = journal.page(Transitions.query("n49", 0, 1));
      assertTrue(page.transitions().get(0).message().startsWith("29999 "));
      Transition oldest = journal.all().iterator().next();
      assertEquals(
          Transitions.at(30_000 - (int) kept), oldest.at(), "without a hole up to the newest");
    }
  }

  @Test
  void steadyTrickleDoesNotLetTheFileGrow() {
    try (DiskJournal journal = open()) {
      long largest = 0;
      for (int i = 0; i < 3_000; i++) {
        journal.append(Transitions.of("n" + i % 50, i));
        journal.remember(NodeMarks.of(Nodes.warm("n" + i % 50).build()).withLastDone("x" + i));
        journal.evict(Transitions.at(i - 200));
        journal.commit();
        largest = Math.max(largest, file().toFile().length());
      }
      assertTrue(largest < MAX_BYTES, "at most " + largest);
    }
  }

  @Test
  void fileInUseIsNotOpened() {
    try (DiskJournal first = open()) {
      first.append(Transitions.of("n1", 1));
      JournalException e = assertThrows(JournalException.class, this::open);
      assertEquals(Kind.LOCKED, e.kind());
      first.commit();
      assertEquals(1, first.entries());
    }
  }

  @Test
  void damagedFileIsDetectedAndCanBeMovedAside() throws IOException {
    try (DiskJournal journal = open()) {
      for (int i = 0; i < 2_000; i++) {
        journal.append(Transitions.of("n" + i, i));
      }
    }
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      byte[] noise = new byte[(int) channel.size()];
      new Random(2).nextBytes(noise);
      channel.write(ByteBuffer.wrap(noise), 0);
    }
    JournalException e = assertThrows(JournalException.class, this::open);
    assertEquals(Kind.CORRUPT, e.kind(), e.getMessage());
    DiskJournal.moveAside(directory);
    assertFalse(Files.exists(file()));
    try (DiskJournal journal = open()) {
      assertEquals(0, journal.entries());
    }
  }

  @Test
  void uncreatableDirectoryIsReportedInOneSentence() throws IOException {
    Files.writeString(directory.resolve("taken"), "");
    JournalException e =
        assertThrows(
            JournalException.class,
            () -> DiskJournal.open(directory.resolve("taken/below"), MAX_BYTES));
    assertEquals(Kind.UNAVAILABLE, e.kind());
    assertTrue(e.getMessage().contains(directory.resolve("taken/below").toString()));
  }
}
