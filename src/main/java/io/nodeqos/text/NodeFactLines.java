// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import java.util.List;

/** Names with values, one below the other. A terminal shows the whole of a long value, too. */
final class NodeFactLines {
  private static final int NAME = 10;

  private final TextFormat format;
  private final List<String> lines;

  NodeFactLines(TextFormat format, List<String> lines) {
    this.format = format;
    this.lines = lines;
  }

  /** Adds nothing for an empty value. */
  void add(String name, String value) {
    if (value.isEmpty()) {
      return;
    }
    String start = name + " ".repeat(NAME - name.length());
    if (start.length() + value.length() <= format.limit()) {
      lines.add(start + value);
      return;
    }
    List<String> wrapped = format.wrapped(value, " ".repeat(NAME));
    lines.add(start + wrapped.get(0).strip());
    lines.addAll(wrapped.subList(1, wrapped.size()));
  }
}
