// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history after its process was killed, or its disk was full: real processes. */
class JournalCrashTest {
  private static final int KILLS = 6;

  /** In units of 1,024 bytes: so much may a file have. */
  private static final int FULL_AT = 400;

  @TempDir private Path directory;

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private List<String> writer(String mode) {
    return List.of(
        java(),
        "-Xmx64m",
        "-ea",
        "-XX:-UsePerfData",
        "-cp",
        System.getProperty("java.class.path"),
        JournalWriter.class.getName(),
        mode,
        directory.toString());
  }

  @Test
  void committedEntriesSurviveEachKill() throws IOException, InterruptedException {
    Random random = new Random(7);
    int committed = -1;
    for (int kill = 0; kill < KILLS; kill++) {
      committed = committedUntilKilled(20 + random.nextInt(100));
      try (DiskJournal journal = DiskJournal.open(directory, 4 << 20)) {
        List<Transition> all = List.copyOf(journal.all());
        int first = Integer.parseInt(all.get(0).message());
        for (int i = 0; i < all.size(); i++) {
          assertEquals(Integer.toString(first + i), all.get(i).message(), "without a hole");
        }
        int last = first + all.size() - 1;
        assertTrue(last >= committed, "the last one is " + last + ", committed " + committed);
        String node = "n" + last % 50;
        assertEquals(
            Integer.toString(last),
            journal.page(Transitions.query(node, 0, 1)).transitions().get(0).message(),
            "and it is found by its node");
      }
    }
    assertTrue(committed > 1_000, "it came to write: " + committed);
  }

  /** The last number that it said before it was killed, after so many lines. */
  private int committedUntilKilled(int lines) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(writer("kill")).redirectErrorStream(true).start();
    int last = -1;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (int line = 0; line < lines; line++) {
        last = Integer.parseInt(out.readLine());
      }
      process.toHandle().destroyForcibly();
      for (String rest = out.readLine(); rest != null; rest = out.readLine()) {
        last = rest.matches("\\d+") ? Math.max(last, Integer.parseInt(rest)) : last;
      }
    } finally {
      process.toHandle().destroyForcibly();
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return last;
  }

  @Test
  void fullDiskKeepsTheFileAndHistoryContinuesInMemory() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", "-c"));
    command.add("ulimit -f " + FULL_AT + " && exec \"$@\"");
    command.add("writer");
    command.addAll(writer("full"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    Matcher degraded = Pattern.compile("degraded (\\d+)").matcher(said);
    assertTrue(degraded.find(), said);
    int full = Integer.parseInt(degraded.group(1));
    assertTrue(said.contains("memory " + full + " to " + (full + 49)), said);
    assertEquals(
        1,
        said.lines().filter(line -> line.contains("History falls back to memory")).count(),
        "one sentence: " + said);
    try (DiskJournal journal = DiskJournal.open(directory, 64 << 20)) {
      List<Transition> all = List.copyOf(journal.all());
      for (int i = 0; i < all.size(); i++) {
        assertEquals(Integer.toString(i), all.get(i).message());
      }
      // The batch that did not fit is in memory.
      assertTrue(all.size() >= full - 40, "of " + full + " there are " + all.size());
    }
  }
}
