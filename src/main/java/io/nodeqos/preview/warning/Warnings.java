// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All warnings about policies. Thread-safe. */
public final class Warnings {
  private static final Comparator<Warning> ORDER =
      Comparator.comparing(Warning::code)
          .thenComparing(Warning::policy)
          .thenComparing(Warning::subject);

  private final List<WarningRule> rules =
      List.of(
          new ResourceBelowRequests(),
          new GateCannotOpen(),
          new DaemonSetKeptOff(),
          new NotConfigured(),
          new SelectsNothing(),
          new NeverWins(),
          new TaintNotTemporary());

  public List<Warning> about(DecidedFleet fleet) {
    return rules.stream().flatMap(rule -> rule.check(fleet).stream()).sorted(ORDER).toList();
  }

  /** Those that an edit causes: a warning that holds without it is not its fault. */
  public List<Warning> causedBy(DecidedFleet before, DecidedFleet after) {
    List<Warning> known = about(before);
    return Stream.concat(
            about(after).stream().filter(warning -> known.stream().noneMatch(warning::isCoveredBy)),
            new TaintLeftBehind().check(before, after).stream())
        .sorted(ORDER)
        .toList();
  }
}
