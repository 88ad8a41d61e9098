// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.policy.spec.DeletionPolicy;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.preview.change.NodeOutcome;
import io.nodeqos.preview.edit.PolicyEdit;
import io.nodeqos.preview.plan.PolicyPlan.Stay;
import io.nodeqos.reconcile.plan.NodePlanner;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Why nodes that an edited policy selects do not change. */
final class StayReasons {
  private static final String NO_CAPACITY = "NoCapacity";
  private static final String NOT_CONFIGURED = "NotConfigured";
  private static final String ANOTHER_POLICY = "AnotherPolicy";
  private static final String WARM_ALREADY = "WarmAlready";
  private static final String KEPT = "Kept";
  private static final String DRY_RUN = "DryRun";
  private static final String SAME = "Same";

  private final List<PolicyEdit> edits;
  private final PolicySnapshot after;
  private final List<NodeQoSPolicy> dryRuns;

  /**
   * @param edits the real ones
   * @param after the policies with them
   * @param dryRuns the edited policies that are dry runs with them
   */
  StayReasons(List<PolicyEdit> edits, PolicySnapshot after, List<NodeQoSPolicy> dryRuns) {
    this.edits = edits;
    this.after = after;
    this.dryRuns = dryRuns;
  }

  /** The most nodes first; nodes that no edited policy selects are left out. */
  List<Stay> of(List<NodeOutcome> outcomes) {
    Map<String, Stay> stays = new LinkedHashMap<>();
    for (NodeOutcome outcome : outcomes) {
      List<PolicyEdit> selecting = selecting(outcome);
      Optional<String> dryRun = dryRun(outcome);
      if (!outcome.isChanged() && (!selecting.isEmpty() || dryRun.isPresent())) {
        Stay why =
            selecting.isEmpty()
                ? stay(DRY_RUN, "policy " + dryRun.get() + " is a dry run")
                : why(outcome, selecting);
        stays
            .computeIfAbsent(
                why.code() + why.why(), k -> new Stay(why.code(), why.why(), new ArrayList<>()))
            .nodes()
            .add(outcome.node());
      }
    }
    return stays.values().stream()
        .sorted((a, b) -> Integer.compare(b.nodes().size(), a.nodes().size()))
        .toList();
  }

  private List<PolicyEdit> selecting(NodeOutcome outcome) {
    return edits.stream()
        .filter(
            edit ->
                outcome.before().seen().config().matching().contains(edit.name())
                    || outcome.after().seen().config().matching().contains(edit.name()))
        .toList();
  }

  private Optional<String> dryRun(NodeOutcome outcome) {
    return dryRuns.stream()
        .filter(policy -> policy.selects(outcome.after().seen().node()))
        .map(NodeQoSPolicy::name)
        .findFirst();
  }

  private Stay why(NodeOutcome outcome, List<PolicyEdit> selecting) {
    NodePlan plan = outcome.after().plan();
    if (plan.summary().freeze().isPresent()) {
      return stay(
          plan.summary().freeze().get().cause().code(), plan.summary().freeze().get().clause());
    }
    if (plan.summary().phase() == NodePhase.PENDING
        && !outcome.after().seen().node().hasCapacity()) {
      return stay(NO_CAPACITY, "they report no CPU and memory capacity");
    }
    if (NodePlanner.cannotBeConfigured(plan.summary())) {
      return stay(NOT_CONFIGURED, "they cannot be configured");
    }
    if (selecting.stream().allMatch(StayReasons::isKept)) {
      return stay(KEPT, "they keep all that the deleted policy has written (deletionPolicy: Keep)");
    }
    Set<Section> sections = EnumSet.noneOf(Section.class);
    selecting.forEach(edit -> sections.addAll(edit.sections()));
    Optional<String> others = others(outcome, sections);
    if (others.isPresent()) {
      return stay(ANOTHER_POLICY, others.get());
    }
    return sections.equals(EnumSet.of(Section.WARM_UP)) && plan.summary().phase() == NodePhase.WARM
        ? stay(WARM_ALREADY, "they are warm: changed gates count at their next warm-up")
        : stay(SAME, "the edit makes no difference for them now");
  }

  private static boolean isKept(PolicyEdit edit) {
    return edit.action() == PolicyEdit.Action.DELETE
        && edit.before()
            .filter(p -> DeletionPolicy.of(p.spec()) == DeletionPolicy.KEEP)
            .isPresent();
  }

  private static Stay stay(String code, String why) {
    return new Stay(code, why, List.of());
  }

  /** Other policies set all of these sections on the node, with and without the edit. */
  private Optional<String> others(NodeOutcome outcome, Set<Section> sections) {
    Map<String, List<String>> byPolicy = new TreeMap<>();
    for (Section section : sections) {
      Optional<String> winner = other(outcome.after().seen().config(), section);
      if (winner.isEmpty() || other(outcome.before().seen().config(), section).isEmpty()) {
        return Optional.empty();
      }
      byPolicy.computeIfAbsent(winner.get(), p -> new ArrayList<>()).add(section.field());
    }
    return byPolicy.isEmpty()
        ? Optional.empty()
        : Optional.of(
            byPolicy.entrySet().stream()
                .map(
                    e ->
                        "their "
                            + joined(e.getValue())
                            + (e.getValue().size() == 1 ? " is" : " are")
                            + " from policy "
                            + e.getKey()
                            + priority(e.getKey()))
                .collect(Collectors.joining(", ")));
  }

  private static String joined(List<String> sections) {
    int last = sections.size() - 1;
    return last == 0
        ? sections.get(0)
        : String.join(", ", sections.subList(0, last)) + " and " + sections.get(last);
  }

  private Optional<String> other(CompiledConfig config, Section section) {
    return Optional.ofNullable(config.sources().get(section))
        .filter(policy -> edits.stream().noneMatch(edit -> edit.name().equals(policy)));
  }

  private String priority(String policy) {
    return after.inForce().stream()
        .filter(p -> p.name().equals(policy))
        .findFirst()
        .map(NodeQoSPolicy::spec)
        .map(spec -> " (priority " + spec.priority() + ")")
        .orElse("");
  }
}
