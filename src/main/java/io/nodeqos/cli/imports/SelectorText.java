// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A label selector as text, such as {@code pool in (a, b),!spot}, as kubectl takes it. */
final class SelectorText {
  /** Commas that are not inside parentheses. */
  private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

  private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_./]*)";
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);
  private static final Pattern EQUALITY =
      Pattern.compile(KEY + "\\s*(=|==|!=)\\s*([-A-Za-z0-9_.]*)");
  private static final Pattern SET = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)");

  private SelectorText() {}

  /** Empty when it is not a selector, or has an operator that a policy has not. */
  static Optional<List<Requirement>> parse(String text) {
    List<Requirement> all = new ArrayList<>();
    for (String part : COMMA.split(text, -1)) {
      Optional<Requirement> one = requirement(part.strip());
      if (one.isEmpty()) {
        return Optional.empty();
      }
      all.add(one.get());
    }
    return Optional.of(all);
  }

  private static Optional<Requirement> requirement(String text) {
    Matcher exists = EXISTS.matcher(text);
    if (exists.matches()) {
      return Optional.of(
          new Requirement(
              exists.group(2),
              exists.group(1).isEmpty() ? Operator.EXISTS : Operator.DOES_NOT_EXIST,
              List.of()));
    }
    Matcher equality = EQUALITY.matcher(text);
    if (equality.matches()) {
      return Optional.of(
          new Requirement(
              equality.group(1),
              equality.group(2).equals("!=") ? Operator.NOT_IN : Operator.IN,
              List.of(equality.group(3))));
    }
    Matcher set = SET.matcher(text);
    return set.matches()
        ? Optional.of(
            new Requirement(
                set.group(1),
                set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN,
                Stream.of(set.group(3).split(",")).map(String::strip).toList()))
        : Optional.empty();
  }
}
