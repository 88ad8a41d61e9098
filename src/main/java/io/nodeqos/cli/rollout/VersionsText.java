// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.preview.edit.FieldChange;
import io.nodeqos.preview.edit.PolicyDiff;
import io.nodeqos.preview.plan.FieldText;
import io.nodeqos.text.Age;
import io.nodeqos.text.Cell;
import io.nodeqos.text.Column;
import io.nodeqos.text.Style;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The versions of a policy for a reader. */
final class VersionsText {
  /** More changes than these are counted. */
  private static final int SHOWN = 2;

  private final TextFormat format;
  private final Instant now;

  VersionsText(TextFormat format, Instant now) {
    this.format = format;
    this.now = now;
  }

  /** A table with a line for each revision, and a sentence when none of them is in force. */
  List<String> lines(PolicyVersions versions) {
    Table table =
        Table.of(
            Column.number("REVISION"),
            Column.of("HASH"),
            Column.of("RECORDED"),
            Column.of("STATE"),
            Column.of("RESULT"),
            Column.wide("CONTROLLERREVISION"),
            Column.of("CHANGES"));
    Optional<PolicyRevision> before = Optional.empty();
    VersionMarks marks = VersionMarks.of(versions);
    for (PolicyRevision revision : versions.revisions()) {
      table.row(
          List.of(
              Cell.of(Long.toString(revision.generation())),
              Cell.of(revision.revision()),
              Cell.of(Age.between(revision.createdAt(), now) + " ago"),
              new Cell(marks.state(revision), Style.GOOD),
              new Cell(marks.result(revision), marks.style(revision)),
              Cell.of(revision.name()),
              Cell.of(changes(before, revision))));
      before = Optional.of(revision);
    }
    List<String> lines = new ArrayList<>(table.lines(format));
    remark(versions).ifPresent(lines::add);
    return lines;
  }

  /** The changes from one spec to another, a line each. */
  List<String> lines(List<FieldChange> changes) {
    Table table = Table.of(Column.of(""), Column.of(""));
    changes.forEach(c -> table.row("  " + FieldText.sign(c) + " " + c.path(), FieldText.value(c)));
    return table.lines(format);
  }

  private String changes(Optional<PolicyRevision> before, PolicyRevision revision) {
    if (before.isEmpty()) {
      return Stream.of(Section.values())
          .map(Section::field)
          .filter(revision.spec()::has)
          .collect(Collectors.joining(", "));
    }
    List<FieldChange> changes = PolicyDiff.between(before.get().spec(), revision.spec());
    int shown = format.wide() ? changes.size() : Math.min(changes.size(), SHOWN);
    String text =
        changes.stream().limit(shown).map(VersionsText::text).collect(Collectors.joining("; "));
    return shown == changes.size() ? text : text + "; " + (changes.size() - shown) + " more";
  }

  private static String text(FieldChange change) {
    String path = change.path().replaceFirst("^spec\\.", "");
    return FieldText.sign(change).equals("~")
        ? path + " " + FieldText.value(change)
        : FieldText.sign(change) + path + " " + FieldText.value(change);
  }

  private static Optional<String> remark(PolicyVersions versions) {
    String generation = "Generation " + versions.policy().meta().generation();
    String stays =
        versions.inForce().map(r -> " Revision " + r.generation() + " stays.").orElse("");
    if (versions.problem().isPresent()) {
      return Optional.of(generation + " is not valid: " + versions.problem().get() + stays);
    }
    if (versions.isDryRun()) {
      return Optional.of(generation + " is a dry run, and no revision is in force.");
    }
    return versions.isRecorded()
        ? Optional.empty()
        : Optional.of(generation + " is not recorded yet.");
  }
}
