// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.dryrun;

import io.nodeqos.preview.change.ChangeGroup;
import io.nodeqos.preview.plan.PolicyPlan;
import io.nodeqos.preview.warning.Warning;
import io.nodeqos.reconcile.brake.BrakeForecast.Forecast;
import io.nodeqos.reconcile.policies.DryRunResult;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plan with one policy as the result of its dry run. */
final class PlannedDryRun {
  private static final int MAX_EXAMPLES = 5;

  private PlannedDryRun() {}

  static DryRunResult of(PolicyPlan plan) {
    Set<String> planned =
        plan.policies().stream().map(policy -> policy.edit().name()).collect(Collectors.toSet());
    return new DryRunResult(
        plan.policies().stream().mapToInt(PolicyPlan.PlannedPolicy::selectedAfter).sum(),
        plan.changed(),
        plan.groups().stream().map(PlannedDryRun::group).toList(),
        plan.stays().stream()
            .map(s -> new DryRunResult.Stay(s.nodes().size(), s.code(), s.why()))
            .toList(),
        Stream.concat(
                plan.marks().stream().filter(f -> f.losing() > 0).map(PlannedDryRun::lost),
                plan.warnings().stream().map(warning -> warning(warning, planned)))
            .toList());
  }

  private static DryRunResult.Group group(ChangeGroup group) {
    List<String> examples = group.nodes().stream().limit(MAX_EXAMPLES).toList();
    return new DryRunResult.Group(
        group.nodes().size(),
        examples,
        group.changes().stream().filter(ChangeText::isShown).map(ChangeText::of).toList());
  }

  private static DryRunResult.Warning warning(Warning warning, Set<String> planned) {
    boolean isOfAnother = !warning.policy().isEmpty() && !planned.contains(warning.policy());
    return new DryRunResult.Warning(
        warning.code().text(),
        warning.nodes().size(),
        (isOfAnother ? "Policy " + warning.policy() + ": " : "") + warning.message());
  }

  private static DryRunResult.Warning lost(Forecast marks) {
    String message =
        marks.losing()
            + " of "
            + marks.warm()
            + " warm nodes would lose their mark, at once or when their gates stay closed.";
    return marks.holds()
        ? new DryRunResult.Warning(
            "Braked",
            marks.losing(),
            message
                + " The brake allows "
                + marks.limit()
                + ": it would hold them until an operator confirms.")
        : new DryRunResult.Warning("WarmUpLost", marks.losing(), message);
  }
}
