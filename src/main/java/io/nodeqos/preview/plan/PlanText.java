// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import io.nodeqos.node.value.GoDuration;
import io.nodeqos.preview.change.ChangeGroup;
import io.nodeqos.preview.edit.PolicyEdit;
import io.nodeqos.preview.edit.PolicyEdit.Action;
import io.nodeqos.preview.plan.PolicyPlan.PlannedPolicy;
import io.nodeqos.preview.plan.PolicyPlan.PlannedWrites;
import io.nodeqos.preview.plan.PolicyPlan.Stay;
import io.nodeqos.preview.warning.Warning;
import io.nodeqos.reconcile.brake.BrakeForecast.Forecast;
import io.nodeqos.text.Column;
import io.nodeqos.text.Style;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A plan for a reader. Sentences are never cut. */
public final class PlanText {
  private static final int FIRST_NODES = 3;
  private static final int FIRST_DETAILS = 10;
  private static final int FIRST_PODS = 3;
  private static final int NODES_PER_LINE = 8;

  private final TextFormat format;
  private final boolean allNodes;

  /**
   * @param allNodes each group lists all of its nodes
   */
  public PlanText(TextFormat format, boolean allNodes) {
    this.format = format;
    this.allNodes = allNodes;
  }

  public List<String> lines(PolicyPlan plan) {
    List<String> lines = new ArrayList<>();
    plan.policies().forEach(policy -> policy(lines, plan, policy));
    summary(lines, plan);
    for (int i = 0; i < plan.groups().size(); i++) {
      group(lines, i + 1, plan.groups().get(i));
    }
    plan.rollouts().forEach(r -> lines.addAll(new RolloutLines(format, allNodes).of(r)));
    warnings(lines, plan.warnings());
    consequences(lines, plan);
    lines.add("");
    lines.add(format.styled(Style.BOLD, last(plan)));
    return lines;
  }

  private void policy(List<String> lines, PolicyPlan plan, PlannedPolicy policy) {
    PolicyEdit edit = policy.edit();
    lines.add(
        format.styled(Style.BOLD, "policy " + edit.name() + ": " + action(edit))
            + check(plan, edit));
    Table fields = Table.of(Column.of(""), Column.of(""));
    if (edit.action() != Action.DELETE) {
      edit.diff()
          .forEach(
              change ->
                  fields.row(
                      "  " + FieldText.sign(change) + " " + change.path(),
                      FieldText.value(change)));
    }
    lines.addAll(fields.lines(format));
    lines.add("  " + selects(plan, policy));
    if (edit.isDryRun()) {
      lines.add(
          "  a dry run: no node follows it, and the controller reports its effect in its status;"
              + " without spec.dryRun, this command shows it");
    }
    lines.add("");
  }

  private static String action(PolicyEdit edit) {
    return switch (edit.action()) {
      case CREATE -> "new";
      case UPDATE ->
          "changed, generation "
              + edit.before().map(p -> p.meta().generation()).orElse(0L)
              + " in the cluster"
              + (edit.isOfDeleted() ? "; it is being deleted, so that no node follows it" : "");
      case DELETE ->
          edit.isOfDryRun()
              ? "deleted; it is a dry run and has left nothing on nodes"
              : edit.after().isPresent()
                  ? "deleted, after all that it has left on nodes is removed (deletionPolicy: Remove)"
                  : "deleted; all that it has left on nodes stays (deletionPolicy: Keep)";
      case UNCHANGED -> "unchanged";
    };
  }

  private static String check(PolicyPlan plan, PolicyEdit edit) {
    boolean isWritten = edit.action() == Action.CREATE || edit.action() == Action.UPDATE;
    return plan.serverAccepts() && isWritten ? " (server-side dry run: accepted)" : "";
  }

  private static String selects(PolicyPlan plan, PlannedPolicy policy) {
    int before = policy.selectedBefore();
    int after = policy.selectedAfter();
    return switch (policy.edit().action()) {
      case DELETE -> "selected " + before + " of " + plural(plan.nodes(), "node");
      case UNCHANGED, CREATE -> "selects " + after + " of " + plural(plan.nodes(), "node");
      case UPDATE ->
          "selects "
              + after
              + " of "
              + plural(plan.nodes(), "node")
              + (before == after ? "" : ", before " + before);
    };
  }

  private void summary(List<String> lines, PolicyPlan plan) {
    lines.add(plan.changed() + " of " + plural(plan.nodes(), "node") + " change");
    for (Stay stay : plan.stays()) {
      lines.add("  " + stay.nodes().size() + " stay: " + stay.why());
      if (allNodes) {
        lines.addAll(names(stay.nodes()));
      }
    }
    lines.add("");
  }

  private void group(List<String> lines, int number, ChangeGroup group) {
    String first = group.nodes().stream().limit(FIRST_NODES).collect(Collectors.joining(" "));
    int more = group.nodes().size() - FIRST_NODES;
    String some = first + (more > 0 ? " and " + more + " more" : "");
    lines.add(
        format.styled(
            Style.BOLD,
            "group "
                + number
                + "   "
                + plural(group.nodes().size(), "node")
                + (allNodes ? "" : "   " + some)));
    if (allNodes) {
      lines.addAll(names(group.nodes()));
    }
    lines.addAll(new ChangeLines(format).of(group));
    lines.add("");
  }

  static List<String> names(List<String> nodes) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i += NODES_PER_LINE) {
      lines.add(
          "    " + String.join(" ", nodes.subList(i, Math.min(nodes.size(), i + NODES_PER_LINE))));
    }
    return lines;
  }

  private void warnings(List<String> lines, List<Warning> warnings) {
    if (warnings.isEmpty()) {
      return;
    }
    lines.add(format.styled(Style.BOLD, "warnings"));
    for (Warning warning : warnings) {
      lines.add(
          "  "
              + format.styled(Style.BAD, "! " + warning.code().text())
              + (warning.policy().isEmpty() ? "" : " of policy " + warning.policy()));
      lines.add("    " + warning.message());
      int shown = allNodes ? warning.details().size() : FIRST_DETAILS;
      warning.details().stream()
          .limit(shown)
          .forEach(
              detail ->
                  lines.add("      " + detail.line(allNodes ? Integer.MAX_VALUE : FIRST_PODS)));
      int left = warning.details().size() - shown;
      if (left > 0) {
        lines.add("      and " + plural(left, "node") + " more");
      }
    }
    lines.add("");
  }

  private void consequences(List<String> lines, PolicyPlan plan) {
    Table table = Table.of(Column.of(""), Column.of(""));
    boolean isHeld = plan.marks().stream().anyMatch(Forecast::holds);
    table.row(
        "writes",
        writes(plan.writes())
            + (isHeld ? "; nodes that lose their mark only after the confirmation" : ""));
    plan.marks().forEach(marks -> table.row("marks", marks(marks)));
    plan.continuous().forEach(marks -> table.row("", "with mode: Continuous, " + marks(marks)));
    if (plan.pending() > 0) {
      table.row(
          "pending",
          plural(plan.pending(), "node")
              + (plan.pending() == 1 ? " is" : " are")
              + " about to be written anyway, by the present policies");
    }
    plan.notChecked().forEach(clause -> table.row("not checked", clause));
    lines.addAll(table.lines(new TextFormat(0, format.colours(), true)));
  }

  private static String writes(PlannedWrites writes) {
    List<String> parts = new ArrayList<>();
    if (writes.nodes() > 0) {
      parts.add(plural(writes.nodes(), "node"));
    }
    if (writes.nodeStatus() > 0) {
      parts.add(writes.nodeStatus() + " nodes/status");
    }
    if (!writes.daemonSets().isEmpty()) {
      parts.add(
          plural(writes.daemonSets().size(), "DaemonSet")
              + " ("
              + String.join(", ", writes.daemonSets())
              + ")");
    }
    if (writes.pulls() > 0) {
      parts.add(
          "and 2 more for each of "
              + plural(writes.pulls(), "node")
              + " that pull images, "
              + writes.pace().pullsAtATime()
              + " at a time");
    }
    return parts.isEmpty() ? "none" : String.join(", ", parts) + time(writes);
  }

  private static String time(PlannedWrites writes) {
    return writes.least().isZero()
        ? ""
        : "; about "
            + GoDuration.format(writes.least())
            + " at "
            + writes.pace().writesPerSecond()
            + " a second";
  }

  private static String marks(Forecast marks) {
    String loss =
        marks.losing()
            + " of "
            + marks.warm()
            + " warm nodes of policy "
            + marks.policy()
            + " would lose their mark";
    if (marks.losing() == 0) {
      return loss;
    }
    return loss
        + (marks.holds()
            ? ": more than " + marks.limit() + ", so the brake would hold it until it is confirmed"
            : "; the brake allows " + marks.limit());
  }

  private static String last(PolicyPlan plan) {
    String warnings =
        plan.warnings().isEmpty() ? "" : ", " + plural(plan.warnings().size(), "warning");
    return (plan.hasChanges()
            ? plural(plan.changed(), "node") + (plan.changed() == 1 ? " changes" : " change")
            : "Nothing changes")
        + warnings
        + ". Nothing was written.";
  }

  static String plural(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
