// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.explain.FleetExplainer;
import io.nodeqos.explain.Knowledge;
import io.nodeqos.explain.NodeExplainer;
import io.nodeqos.explain.PolicyState;
import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.Explanation.Event;
import io.nodeqos.explain.answer.ExplanationJson;
import io.nodeqos.explain.answer.ExplanationText;
import io.nodeqos.explain.answer.FleetExplanation;
import io.nodeqos.explain.answer.FleetExplanationText;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.explain.fleet.SnapshotFleet;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers by a snapshot, as a leader would decide that has just started. */
final class SnapshotExplain {
  private final PolicyCatalog policies;
  private final SnapshotFleet fleet;
  private final TimeSource time;
  private final NodeExplainer explainer;
  private final List<String> missing;

  private SnapshotExplain(
      PolicyCatalog policies,
      SnapshotFleet fleet,
      TimeSource time,
      NodeExplainer explainer,
      List<String> missing) {
    this.policies = policies;
    this.fleet = fleet;
    this.time = time;
    this.explainer = explainer;
    this.missing = missing;
  }

  /**
   * @param missing sentences about facts that are not in the snapshot
   */
  static SnapshotExplain of(ClusterSnapshot snapshot, TimeSource time, List<String> missing) {
    List<String> all = new ArrayList<>(missing);
    Optional<ControllerSettings> settings = settings(snapshot, all);
    ReconcileSettings reconcile =
        settings.map(ControllerSettings::reconcile).orElse(ReconcileSettings.DEFAULTS);
    PolicyCatalog policies = FleetPlanner.catalog(snapshot.policies(), reconcile);
    SnapshotFleet fleet =
        SnapshotFleet.of(
            SnapshotCluster.of(snapshot),
            policies,
            reconcile,
            settings.map(ControllerSettings::spinner).orElse(SpinnerSettings.DEFAULTS),
            time);
    return new SnapshotExplain(
        policies,
        fleet,
        time,
        new NodeExplainer(fleet, snapshot.controller().namespace()),
        List.copyOf(all));
  }

  private static Optional<ControllerSettings> settings(
      ClusterSnapshot snapshot, List<String> missing) {
    Optional<String> yaml = snapshot.controller().settings();
    if (yaml.isEmpty()) {
      missing.add("The settings of the controller were not read: their defaults count.");
      return Optional.empty();
    }
    try {
      return Optional.of(SettingsLoader.load("config.yaml", yaml.get()).settings());
    } catch (SettingsException e) {
      missing.add(
          "The settings of the controller are not valid, so their defaults count: "
              + e.problems().get(0));
      return Optional.empty();
    }
  }

  /** Empty when the snapshot does not have the node. */
  Optional<NodeFacts> facts(String node) {
    return fleet.facts(node);
  }

  List<String> missing() {
    return missing;
  }

  /**
   * @param history the last transitions of the node in question, the oldest first
   */
  ExplainAnswer answer(ExplainQuestion question, List<Event> history) {
    return question.isOfNode() ? node(question.node(), history) : nodes(question);
  }

  private ExplainAnswer node(String name, List<Event> history) {
    NodeFacts facts =
        facts(name)
            .orElseThrow(() -> CommandException.failed("NotFound", "there is no node " + name));
    return answer(facts, new Knowledge(Map.of(), history, missing));
  }

  ExplainAnswer answer(NodeFacts facts, Knowledge knowledge) {
    Explanation explanation = explainer.explain(facts, knowledge);
    JsonObject body = ExplanationJson.of(explanation);
    return new ExplainAnswer(
        ExplanationJson.KIND,
        body,
        explanation.standing().warm(),
        ExplainAnswer.said(body),
        format -> new ExplanationText(format).lines(explanation));
  }

  private ExplainAnswer nodes(ExplainQuestion question) {
    FleetExplainer explainer = new FleetExplainer(fleet, time);
    FleetExplanation explanation =
        question.isOfPolicy()
            ? explainer.ofPolicy(question.policy(), state(question.policy()), missing)
            : explainer.all(PolicyState.ofAll(entries()), missing);
    JsonObject body = FleetExplanationText.json(explanation);
    return new ExplainAnswer(
        FleetExplanationText.KIND,
        body,
        explanation.exitCode() == 0,
        ExplainAnswer.said(body),
        format -> FleetExplanationText.lines(explanation, format));
  }

  private List<PolicyCatalog.Entry> entries() {
    return policies.names().stream()
        .sorted()
        .flatMap(name -> policies.entry(name).stream())
        .toList();
  }

  private List<String> state(String policy) {
    return PolicyState.of(
        policies
            .entry(policy)
            .orElseThrow(
                () -> CommandException.failed("NotFound", "there is no policy " + policy)));
  }
}
