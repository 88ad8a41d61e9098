// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.FleetPass;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.TargetRevisions;
import io.nodeqos.preview.change.Change;
import io.nodeqos.preview.change.ChangeGroups;
import io.nodeqos.preview.change.NodeOutcome;
import io.nodeqos.preview.edit.PolicyEdit;
import io.nodeqos.preview.edit.PolicyEdit.Action;
import io.nodeqos.preview.edit.PolicyEdits;
import io.nodeqos.preview.plan.PolicyPlan.Pace;
import io.nodeqos.preview.plan.PolicyPlan.PlannedPolicy;
import io.nodeqos.preview.plan.PolicyPlan.PlannedWrites;
import io.nodeqos.preview.warning.DecidedFleet;
import io.nodeqos.preview.warning.Warnings;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.brake.BrakeForecast;
import io.nodeqos.reconcile.brake.BrakeForecast.Forecast;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Plans edits of policies: decides each node without and with them, by the planner of the
 * controller, and compares. Thread-safe; O(nodes) a plan.
 */
public final class PolicyPlanner {
  private final Function<PolicyCatalog, FleetPlanner> planners;
  private final SpinnerSpecs spinners;
  private final ReconcileSettings settings;
  private final int writesPerSecond;
  private final FleetPass pass;
  private final Warnings warnings = new Warnings();

  /**
   * @param planners the planner of the fleet under other policies; all of them decide at the same
   *     time
   * @param writesPerSecond the setting of the controller
   */
  public PolicyPlanner(
      Function<PolicyCatalog, FleetPlanner> planners,
      SpinnerSpecs spinners,
      ReconcileSettings settings,
      int writesPerSecond,
      FleetPass pass) {
    this.planners = planners;
    this.spinners = spinners;
    this.settings = settings;
    this.writesPerSecond = writesPerSecond;
    this.pass = pass;
  }

  /**
   * Plans the edits.
   *
   * @param present the policies that the edits were made from
   * @param requests extended resources that running pods request; empty when they are not known
   */
  public PolicyPlan plan(
      Policies present, PolicyEdits edits, Optional<List<ExtendedRequest>> requests) {
    PolicyCatalog without = FleetPlanner.catalog(present, settings);
    PolicyCatalog with = FleetPlanner.catalog(present, settings);
    edits.applyTo(with);
    List<PolicyEdit> real =
        edits.edits().stream().filter(e -> e.action() != Action.UNCHANGED).toList();
    Set<String> names = real.stream().map(PolicyEdit::name).collect(Collectors.toSet());
    List<NodeOutcome> outcomes = outcomes(without, with, names);
    return new PolicyPlan(
        policies(edits, outcomes, without, with),
        outcomes.size(),
        ChangeGroups.of(outcomes),
        new StayReasons(real, with.snapshot(), dryRuns(with, names)).of(outcomes),
        (int) outcomes.stream().filter(o -> !o.before().plan().isConverged()).count(),
        warnings.causedBy(
            fleet(without, outcomes.stream().map(NodeOutcome::before).toList(), requests),
            fleet(with, outcomes.stream().map(NodeOutcome::after).toList(), requests)),
        writes(without, with, names, outcomes),
        rollouts(without, with, names, outcomes),
        marks(names, outcomes),
        continuous(present, edits, real, outcomes),
        false,
        requests.isEmpty() && changesResources(outcomes)
            ? List.of(
                "whether running pods request more than is left (their requests were not read)")
            : List.of());
  }

  /** After the last step of the rollouts that the edits start. */
  private List<NodeOutcome> outcomes(
      PolicyCatalog without, PolicyCatalog with, Set<String> edited) {
    FleetPlanner before = planners.apply(without);
    FleetPlanner after = planners.apply(with);
    List<NodeView> nodes = after.nodes();
    TargetRevisions.give(without, with, edited, nodes);
    // Most nodes of a large fleet change alike: one list for all of them.
    Map<List<Change>, List<Change>> alike = new ConcurrentHashMap<>();
    return pass.map(
        nodes, node -> NodeOutcome.of(before.decide(node), after.decide(node)).sharing(alike));
  }

  private static List<PlannedRollout> rollouts(
      PolicyCatalog without, PolicyCatalog with, Set<String> edited, List<NodeOutcome> outcomes) {
    List<NodeView> nodes = outcomes.stream().map(o -> o.after().seen().node()).toList();
    return TargetRevisions.started(without, with, edited, nodes).stream()
        .map(rollout -> PlannedRollout.of(rollout, outcomes))
        .toList();
  }

  private static List<PlannedPolicy> policies(
      PolicyEdits edits, List<NodeOutcome> outcomes, PolicyCatalog without, PolicyCatalog with) {
    return edits.edits().stream()
        .map(
            edit ->
                new PlannedPolicy(
                    edit,
                    selected(outcomes.stream().map(NodeOutcome::before).toList(), edit, without),
                    selected(outcomes.stream().map(NodeOutcome::after).toList(), edit, with)))
        .toList();
  }

  /** A dry run is compiled into no configuration, and selects nodes all the same. */
  private static int selected(List<NodePreview> nodes, PolicyEdit edit, PolicyCatalog policies) {
    List<NodeQoSPolicy> dryRun = dryRuns(policies, Set.of(edit.name()));
    return (int)
        nodes.stream()
            .filter(
                n ->
                    n.seen().config().matching().contains(edit.name())
                        || dryRun.stream().anyMatch(p -> p.selects(n.seen().node())))
            .count();
  }

  private static List<NodeQoSPolicy> dryRuns(PolicyCatalog policies, Set<String> names) {
    return names.stream()
        .flatMap(name -> policies.entry(name).stream())
        .flatMap(entry -> entry.dryRun().stream())
        .filter(policy -> !policy.meta().deleting())
        .toList();
  }

  private static int count(List<NodeOutcome> outcomes, Predicate<NodeOutcome> which) {
    return (int) outcomes.stream().filter(which).count();
  }

  private DecidedFleet fleet(
      PolicyCatalog policies, List<NodePreview> nodes, Optional<List<ExtendedRequest>> requests) {
    return new DecidedFleet(policies.snapshot(), nodes, settings.transientTaints(), requests);
  }

  private PlannedWrites writes(
      PolicyCatalog without, PolicyCatalog with, Set<String> names, List<NodeOutcome> outcomes) {
    List<NodeOutcome> changed = outcomes.stream().filter(NodeOutcome::isChanged).toList();
    return new PlannedWrites(
        count(changed, o -> !o.after().plan().metadata().isEmpty()),
        count(changed, o -> !o.after().plan().status().isEmpty()),
        count(changed, o -> o.changes().stream().anyMatch(PolicyPlanner::isPull)),
        new TreeSet<>(names)
            .stream()
                .filter(name -> !isSuspended(with, name))
                .filter(name -> !spinner(without, name).equals(spinner(with, name)))
                .map(spinners::name)
                .toList(),
        new Pace(writesPerSecond, spinners.pullsAtATime()));
  }

  private static boolean isPull(Change change) {
    return change.on() == Change.On.IMAGE && change.op() == Change.Op.ADD;
  }

  /** The controller does not change the DaemonSet of a suspended policy. */
  private static boolean isSuspended(PolicyCatalog policies, String name) {
    return inForce(policies, name).filter(policy -> policy.spec().suspend()).isPresent();
  }

  private Optional<String> spinner(PolicyCatalog policies, String name) {
    return inForce(policies, name).flatMap(spinners::hash);
  }

  private static Optional<NodeQoSPolicy> inForce(PolicyCatalog policies, String name) {
    return policies.snapshot().inForce().stream().filter(p -> p.name().equals(name)).findFirst();
  }

  private List<Forecast> marks(Set<String> names, List<NodeOutcome> outcomes) {
    List<Forecast> before = forecasts(outcomes.stream().map(NodeOutcome::before).toList());
    return forecasts(outcomes.stream().map(NodeOutcome::after).toList()).stream()
        .filter(f -> names.contains(f.policy()) || f.losing() > losing(before, f.policy()))
        .toList();
  }

  private static int losing(List<Forecast> forecasts, String policy) {
    return forecasts.stream()
        .filter(f -> f.policy().equals(policy))
        .mapToInt(Forecast::losing)
        .sum();
  }

  private List<Forecast> forecasts(List<NodePreview> nodes) {
    if (nodes.isEmpty()) {
      return List.of();
    }
    BrakeForecast forecast = new BrakeForecast(settings.brake());
    nodes.forEach(n -> forecast.add(n.seen().node(), n.seen().config(), n.plan(), n.seen().now()));
    return forecast.forecasts(nodes.get(0).seen().now());
  }

  /** The marks under mode Continuous, for edited gates of policies that have mode Bootstrap. */
  private List<Forecast> continuous(
      Policies present, PolicyEdits edits, List<PolicyEdit> real, List<NodeOutcome> outcomes) {
    PolicyCatalog policies = FleetPlanner.catalog(present, settings);
    edits.applyTo(policies);
    Set<String> names = new TreeSet<>();
    for (PolicyEdit edit : real) {
      if (edit.sections().contains(Section.WARM_UP)
          && inForce(policies, edit.name()).filter(PolicyPlanner::isBootstrap).isPresent()) {
        edit.inModeContinuous().ifPresent(policies::apply);
        names.add(edit.name());
      }
    }
    if (names.isEmpty()) {
      return List.of();
    }
    FleetPlanner planner = planners.apply(policies);
    TargetRevisions.give(FleetPlanner.catalog(present, settings), policies, names, planner.nodes());
    List<NodeView> warm = new ArrayList<>();
    for (NodeOutcome outcome : outcomes) {
      String policy = outcome.after().seen().config().sources().get(Section.WARM_UP);
      if (outcome.after().plan().summary().phase() == NodePhase.WARM
          && policy != null
          && names.contains(policy)) {
        warm.add(outcome.after().seen().node());
      }
    }
    return forecasts(pass.map(warm, planner::decide)).stream()
        .filter(f -> names.contains(f.policy()))
        .toList();
  }

  private static boolean isBootstrap(NodeQoSPolicy policy) {
    return policy
        .spec()
        .sections()
        .warmUp()
        .filter(w -> w.mode() == WarmUp.Mode.BOOTSTRAP)
        .isPresent();
  }

  private static boolean changesResources(List<NodeOutcome> outcomes) {
    return outcomes.stream()
        .flatMap(o -> o.changes().stream())
        .anyMatch(c -> c.on() == Change.On.ALLOCATABLE && c.op() != Change.Op.ADD);
  }
}
