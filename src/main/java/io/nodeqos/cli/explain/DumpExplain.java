// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import io.nodeqos.cli.command.CommandException;
import io.nodeqos.explain.answer.Explanation.Event;
import io.nodeqos.history.TransitionJson;
import io.nodeqos.kube.dump.Dump;
import io.nodeqos.kube.dump.DumpException;
import io.nodeqos.kube.dump.DumpReader;
import io.nodeqos.text.Cell;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers from a dump, at the time it was taken. */
final class DumpExplain {
  private static final int LAST_TRANSITIONS = 5;

  private final Path file;

  DumpExplain(Path file) {
    this.file = file;
  }

  ExplainAnswer ask(ExplainQuestion question) {
    try {
      Dump dump = new DumpReader(file).read();
      Optional<String> impossible = DumpedNames.impossible(dump.snapshot());
      if (impossible.isPresent()) {
        throw CommandException.badInput(
            "BadDump",
            "--dump: \""
                + Cell.oneLine(impossible.get())
                + "\" in it is not the name of an object, so it is no dump of a cluster");
      }
      Instant takenAt = dump.snapshot().takenAt();
      List<String> missing = new ArrayList<>(dump.info().missing());
      missing.add("A dump has no states of containers, and not since when gates are open.");
      return SnapshotExplain.of(dump.snapshot(), TimeSource.of(() -> takenAt, () -> 0), missing)
          .answer(question, transitions(dump, question.node()));
    } catch (DumpException e) {
      throw CommandException.badInput("BadDump", "--dump: " + e.getMessage()).causedBy(e);
    }
  }

  /** The last ones of a node. */
  private static List<Event> transitions(Dump dump, String node) {
    List<Event> all =
        dump.history().stream()
            .flatMap(transition -> TransitionJson.read(transition).stream())
            .filter(t -> t.node().equals(node))
            .map(t -> new Event(t.at(), t.type().name(), t.message()))
            .toList();
    return all.subList(Math.max(0, all.size() - LAST_TRANSITIONS), all.size());
  }
}
