// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that writes into a history until it is killed, or until the disk does not serve. */
public final class JournalWriter {
  private static final long MAX_BYTES = 4 << 20;

  private JournalWriter() {}

  /** {@code kill DIRECTORY} or {@code full DIRECTORY}. */
  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[1]);
    if (arguments[0].equals("kill")) {
      writeForEver(directory);
    } else {
      writeUntilFull(directory);
    }
  }

  /** Prints the committed numbers, one a line. */
  private static void writeForEver(Path directory) {
    try (DiskJournal journal = DiskJournal.open(directory, MAX_BYTES)) {
      List<Transition> newest = journal.page(Transitions.query("", 0, 1)).transitions();
      int next = newest.isEmpty() ? 0 : Integer.parseInt(newest.get(0).message()) + 1;
      while (true) {
        for (int i = 0; i < 20; i++, next++) {
          journal.append(Transitions.of("n" + next % 50, next));
        }
        journal.commit();
        System.out.println(next - 1);
      }
    }
  }

  /** Prints how many there were when the disk was full, and the answer after fifty more. */
  private static void writeUntilFull(Path directory) {
    HistorySettings settings =
        new HistorySettings(true, directory.toString(), Duration.ofDays(9_999), 64 << 20);
    SafeJournal journal = new SafeJournal(settings, TimeSource.system());
    journal.open();
    int next = 0;
    for (; !journal.isDegraded() && next < 200_000; next++) {
      journal.append(Transitions.of("n" + next % 50, next));
      if (next % 20 == 19) {
        journal.commit(List.of());
      }
    }
    System.out.println(journal.isDegraded() ? "degraded " + next : "never");
    for (int i = 0; i < 50; i++, next++) {
      journal.append(Transitions.of("n" + next % 50, next));
      journal.commit(List.of());
    }
    List<Transition> page = journal.page(Transitions.query("", 0, 50)).transitions();
    System.out.println("memory " + page.get(0).message() + " to " + page.get(49).message());
    journal.close(List.of());
  }
}
