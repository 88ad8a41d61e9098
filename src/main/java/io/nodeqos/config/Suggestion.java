// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Suggests the intended name for one that does not exist. */
public final class Suggestion {
  private Suggestion() {}

  /** A clause such as {@code "; did you mean http.port?"}, or empty if no name is close. */
  public static String among(Collection<String> known, String unknown) {
    return known.stream()
        .filter(name -> isClose(name, unknown))
        .min(
            Comparator.<String>comparingInt(name -> distance(name, unknown))
                .thenComparing(Comparator.naturalOrder()))
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  private static boolean isClose(String name, String unknown) {
    return distance(name, unknown) <= Math.max(2, unknown.length() / 4)
        || name.toLowerCase(Locale.ROOT).endsWith("." + unknown.toLowerCase(Locale.ROOT));
  }

  /** Levenshtein's: insertions, deletions and replacements, case ignored. */
  private static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT);
    String b = second.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
