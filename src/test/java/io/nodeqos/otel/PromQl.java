// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of Prometheus' query language as it takes to find the metrics in an expression. */
final class PromQl {
  private static final Pattern TEXT = Pattern.compile("\"([^\"\\\\]|\\\\.)*\"|'[^']*'");
  private static final Pattern SELECTOR = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
  private static final Pattern LABELS =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w.$])[a-zA-Z_:][\\w:]*(?!\\w|\\s*\\()");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");

  private PromQl() {}

  /** The names of all metrics; functions, labels and their values are none. */
  static Set<String> metrics(String expression) {
    String bare = expression;
    for (Pattern nothing : new Pattern[] {TEXT, SELECTOR, LABELS}) {
      bare = nothing.matcher(bare).replaceAll(" ");
    }
    Set<String> names = new TreeSet<>();
    Matcher name = NAME.matcher(bare);
    while (name.find()) {
      if (!WORDS.contains(name.group())) {
        names.add(name.group());
      }
    }
    return names;
  }
}
