// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.text.Age;
import io.nodeqos.text.Cell;
import io.nodeqos.text.Column;
import io.nodeqos.text.Style;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A rollout for a reader. */
final class RolloutText {
  /** More zones than these are only shown by {@code -o wide}. */
  private static final int ZONES = 12;

  private final TextFormat format;
  private final Instant now;

  RolloutText(TextFormat format, Instant now) {
    this.format = format;
    this.now = now;
  }

  /** Revisions, steps, zones, failed nodes and the control group, and what is next. */
  List<String> lines(RolloutView view) {
    List<String> lines = new ArrayList<>();
    lines.add(title(view));
    if (view.strategy().isPresent()) {
      lines.addAll(revisions(view));
      block(lines, steps(view));
      block(lines, view.nodes().map(this::zones).orElse(List.of()));
      block(lines, view.present().map(this::failed).orElse(List.of()));
      view.present().flatMap(this::control).ifPresent(line -> block(lines, List.of(line)));
      lines.add("");
    }
    lines.addAll(end(view));
    return lines;
  }

  /** The last sentence, and the next command. */
  List<String> end(RolloutView view) {
    RolloutSentence sentence = new RolloutSentence(view);
    List<String> lines = new ArrayList<>(format.wrapped(Cell.oneLine(sentence.last()), ""));
    sentence.next().ifPresent(next -> lines.add("next: " + next));
    return lines;
  }

  /** One line for whoever follows the rollout. */
  String progress(RolloutView view) {
    String at = now.truncatedTo(ChronoUnit.SECONDS) + "  ";
    Optional<RolloutState> present = view.present().filter(s -> s.progress().step() > 0);
    String sentence = Cell.oneLine(new RolloutSentence(view).last());
    if (present.isEmpty()) {
      return at + sentence;
    }
    RolloutState state = present.get();
    Counts counts = state.counts();
    return at
        + format.styled(style(view), state.phase().text())
        + ", "
        + counts.updated()
        + "/"
        + counts.wanted()
        + " updated, "
        + counts.healthy()
        + " healthy, "
        + counts.failed()
        + " failed: "
        + sentence;
  }

  /** One line for a node that has failed. */
  static String failure(Failure failure) {
    return failure.at()
        + "  node "
        + failure.node()
        + " failed ("
        + failure.reason()
        + "): "
        + Cell.oneLine(failure.message());
  }

  private String title(RolloutView view) {
    String name = format.styled(Style.BOLD, "policy " + view.policy());
    Optional<RolloutState> present = view.present();
    if (present.isEmpty()) {
      return name;
    }
    RolloutState state = present.get();
    boolean hasStep = state.phase().isUnderWay() && state.progress().step() > 0;
    return name
        + "   "
        + format.styled(style(view), state.phase().text())
        + (hasStep ? ", step " + state.progress().step() + " of " + state.progress().steps() : "")
        + (state.phase().isUnderWay() && !state.progress().startedAt().equals(Instant.EPOCH)
            ? ", begun " + Age.between(state.progress().startedAt(), now) + " ago"
            : "");
  }

  private static Style style(RolloutView view) {
    return switch (view.outcome()) {
      case COMPLETE -> Style.GOOD;
      case FAILED -> Style.BAD;
      case WAITS_FOR_PERSON -> Style.NOTICE;
      case UNDER_WAY -> Style.PLAIN;
    };
  }

  private List<String> revisions(RolloutView view) {
    Table table = Table.of(Column.of(""), Column.of(""), Column.of(""), Column.of(""));
    boolean isOne = view.stable().equals(view.target());
    if (!isOne) {
      revision(table, "target", view.target(), view.versions().newest(view.target()));
    }
    if (view.stable().isEmpty()) {
      table.row("stable", "none", view.state().isPresent() ? "the policy is new" : "", "");
    } else {
      revision(table, "stable", view.stable(), view.stableVersion());
    }
    return table.lines(format);
  }

  private void revision(Table table, String what, String hash, Optional<PolicyRevision> version) {
    table.row(
        what,
        hash,
        version.map(r -> "generation " + r.generation()).orElse("not recorded"),
        version.map(r -> "recorded " + Age.between(r.createdAt(), now) + " ago").orElse(""));
  }

  private List<String> steps(RolloutView view) {
    Table table =
        Table.of(
            Column.number("STEP"),
            Column.number("NODES"),
            Column.number("UPDATED"),
            Column.number("HEALTHY"),
            Column.number("SOAK"),
            Column.of("STATE"));
    boolean isCounted = view.present().filter(s -> s.counts().nodes() > 0).isPresent();
    for (StepRow row : view.steps(now)) {
      String nodes = isCounted ? Integer.toString(row.nodes()) : row.share().text();
      String updated =
          row.counts()
              .map(c -> c.updated() + "/" + row.nodes())
              .orElse(row.isPassed() && isCounted ? nodes + "/" + nodes : "");
      table.row(
          List.of(
              Cell.of(Integer.toString(row.index())),
              Cell.of(nodes),
              Cell.of(updated),
              Cell.of(row.counts().map(c -> c.healthy() + "/" + c.updated()).orElse("")),
              Cell.of(
                  row.soaked()
                      .map(s -> GoDuration.format(s) + "/" + GoDuration.format(row.soak()))
                      .orElse("")),
              new Cell(words(row.state()), style(row, view))));
    }
    return table.lines(format);
  }

  private static Style style(StepRow row, RolloutView view) {
    if (row.isPresent()) {
      boolean isBack = view.present().filter(s -> s.phase().isBack()).isPresent();
      return isBack ? Style.BAD : style(view);
    }
    return row.isPassed() ? Style.GOOD : Style.DIM;
  }

  /** {@code AwaitsPromotion} as {@code awaits promotion}. */
  static String words(String camelCase) {
    return camelCase.replaceAll("(?<=.)(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  private List<String> zones(NodesOnTarget nodes) {
    if (nodes.zones().size() < 2) {
      return List.of();
    }
    boolean isZone = nodes.spreadBy().equals(RolloutSpec.DEFAULT_SPREAD);
    Table table =
        Table.of(
            Column.of(isZone ? "ZONE" : nodes.spreadBy()),
            Column.number("NODES"),
            Column.number("UPDATED"));
    int shown = format.wide() ? nodes.zones().size() : Math.min(nodes.zones().size(), ZONES);
    nodes.zones().stream()
        .limit(shown)
        .forEach(
            zone ->
                table.row(
                    zone.name().isEmpty() ? "-" : zone.name(),
                    Integer.toString(zone.nodes()),
                    zone.updated() + "/" + zone.nodes()));
    List<String> lines = new ArrayList<>(table.lines(format));
    if (shown < nodes.zones().size()) {
      lines.add("and " + (nodes.zones().size() - shown) + " more (-o wide)");
    }
    return lines;
  }

  private List<String> failed(RolloutState state) {
    Table table =
        Table.of(
            Column.of("FAILED NODE"), Column.of("AT"), Column.of("REASON"), Column.of("MESSAGE"));
    state
        .failed()
        .forEach(
            f ->
                table.row(
                    List.of(
                        new Cell(f.node(), Style.BAD),
                        Cell.of(f.at().toString()),
                        Cell.of(f.reason()),
                        Cell.of(f.message()))));
    List<String> lines = new ArrayList<>(table.lines(format));
    int more = state.counts().failed() - state.failed().size();
    if (more > 0 && !lines.isEmpty()) {
      lines.add("and " + more + " more");
    }
    return lines;
  }

  private Optional<String> control(RolloutState state) {
    Counts counts = state.counts();
    // After a rollback the sentence has the numbers of the failure.
    boolean isOver = state.phase() == RolloutPhase.COMPLETE || state.phase().isBack();
    if (isOver || counts.nodes() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        counts.control() == 0
            ? "control group: none, as all nodes carry the target revision"
            : "control group: "
                + counts.control()
                + " nodes without the target revision, "
                + counts.controlFailed()
                + " of them failed in the same time");
  }

  private static void block(List<String> lines, List<String> block) {
    if (!block.isEmpty()) {
      lines.add("");
      lines.addAll(block);
    }
  }
}
