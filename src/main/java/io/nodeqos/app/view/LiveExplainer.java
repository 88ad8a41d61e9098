// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.explain.BlockingPods;
import io.nodeqos.explain.FleetExplainer;
import io.nodeqos.explain.Knowledge;
import io.nodeqos.explain.NodeExplainer;
import io.nodeqos.explain.PolicyState;
import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.Explanation.Event;
import io.nodeqos.explain.answer.FleetExplanation;
import io.nodeqos.explain.answer.FleetExplanation.Group;
import io.nodeqos.explain.fleet.Fleet;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.explain.fleet.NodeFacts.Decided;
import io.nodeqos.history.HistoryQuery;
import io.nodeqos.history.HistoryStore;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.node.NodeInspector;
import io.nodeqos.reconcile.node.NodeInspector.Detail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/** Explains nodes by the caches, decisions and history of this replica. Thread-safe. */
public final class LiveExplainer {
  private static final int LAST_TRANSITIONS = 5;
  private static final int DETAILED = 3;

  private final NodeInspector inspector;
  private final PolicyCatalog policies;
  private final BlockingPods pods;
  private final Optional<HistoryStore> history;
  private final NodeExplainer explainer;
  private final FleetExplainer fleet;

  /**
   * @param pods reads the pods that a node waits for from the API server
   */
  public LiveExplainer(
      NodeInspector inspector,
      PolicyCatalog policies,
      BlockingPods pods,
      Optional<HistoryStore> history,
      NodeExplainer explainer,
      FleetExplainer fleet) {
    this.inspector = inspector;
    this.policies = policies;
    this.pods = pods;
    this.history = history;
    this.explainer = explainer;
    this.fleet = fleet;
  }

  /** Empty when there is no such node. */
  Optional<Explanation> node(String name) throws InterruptedException {
    Optional<Detail> detail = inspector.inspect(name);
    if (detail.isEmpty()) {
      return Optional.empty();
    }
    NodeFacts facts = facts(detail.get());
    BlockingPods.Found found = pods.of(facts, Map.of());
    List<String> missing = new ArrayList<>(found.missing());
    List<Event> transitions = transitions(name, missing);
    return Optional.of(explainer.explain(facts, new Knowledge(found.pods(), transitions, missing)));
  }

  private NodeFacts facts(Detail detail) {
    return new NodeFacts(
        detail.seen(),
        detail.config(),
        new Decided(
            detail.decided().orElse(Fleet.NOT_DECIDED),
            detail.phase().orElse(NodePhase.PENDING),
            Optional.of(detail.since()).filter(since -> since.isAfter(Instant.EPOCH)),
            detail.problem()),
        detail.gates(),
        entries());
  }

  private Map<String, PolicyCatalog.Entry> entries() {
    Map<String, PolicyCatalog.Entry> all = new TreeMap<>();
    policies.names().forEach(name -> policies.entry(name).ifPresent(e -> all.put(name, e)));
    return all;
  }

  private List<Event> transitions(String node, List<String> missing) throws InterruptedException {
    if (history.isEmpty()) {
      missing.add("The history is switched off (history.enabled), so it has no last transitions.");
      return List.of();
    }
    HistoryQuery query = new HistoryQuery(node, Instant.EPOCH, Long.MAX_VALUE, LAST_TRANSITIONS);
    try {
      return history.get().page(query).transitions().stream()
          .map(t -> new Event(t.at(), t.type().name(), t.message()))
          .toList();
    } catch (TimeoutException busy) {
      missing.add("The history does not answer in time, so it has no last transitions.");
      return List.of();
    }
  }

  FleetExplanation all() throws InterruptedException {
    return detailed(fleet.all(PolicyState.ofAll(entries().values()), List.of()));
  }

  /** With the state of one pod for each of the largest groups that wait for pods. */
  private FleetExplanation detailed(FleetExplanation all) throws InterruptedException {
    List<Group> groups = new ArrayList<>();
    int read = 0;
    for (Group group : all.groups()) {
      boolean waitsForPods = group.reason().equals(Reason.RESERVED_PODS_NOT_READY.code());
      Optional<Explanation> first =
          waitsForPods && read++ < DETAILED ? node(group.nodes().get(0)) : Optional.empty();
      groups.add(first.map(group::detailed).orElse(group));
    }
    return all.withGroups(groups);
  }

  /** Empty when there is no such policy. */
  Optional<FleetExplanation> policy(String name) throws InterruptedException {
    Optional<PolicyCatalog.Entry> entry = policies.entry(name);
    return entry.isEmpty()
        ? Optional.empty()
        : Optional.of(detailed(fleet.ofPolicy(name, PolicyState.of(entry.get()), List.of())));
  }
}
