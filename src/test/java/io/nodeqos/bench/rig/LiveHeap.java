// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import io.nodeqos.realapi.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is left in the heap of a JVM after a full collection, which it is asked for. */
public final class LiveHeap {
  /** One line for each generation, or for the whole heap. */
  private static final Pattern USED = Pattern.compile("\\btotal\\b.*\\bused (\\d+)K");

  private LiveHeap() {}

  /** In KiB. */
  public static long kiB(long pid) {
    jcmd(pid, "GC.run");
    return used(jcmd(pid, "GC.heap_info"));
  }

  /** In KiB, by what jcmd says of the heap. */
  public static long used(String info) {
    Matcher found = USED.matcher(info);
    long sum = 0;
    int generations = 0;
    for (; found.find(); generations++) {
      sum += Long.parseLong(found.group(1));
    }
    if (generations == 0) {
      throw new IllegalStateException("no size of a heap in: " + info);
    }
    return sum;
  }

  private static String jcmd(long pid, String command) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    return Command.run(List.of(jcmd, Long.toString(pid), command), "").succeeded().out();
  }
}
