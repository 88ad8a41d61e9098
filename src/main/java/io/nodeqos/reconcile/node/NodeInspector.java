// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.gate.Gates;
import io.nodeqos.gate.Gates.Verdict;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.NodeWrites;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.reconcile.plan.WarmUpRequest;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Returns the known state and the decision of one node, for display. Thread-safe; read-only. */
public final class NodeInspector {
  private final ClusterView cluster;
  private final NodeObserver observer;
  private final FleetIndex fleet;
  private final NodeWrites writes;
  private final TimeSource time;
  private final Gates gates;

  public NodeInspector(
      ClusterView cluster,
      NodeObserver observer,
      FleetIndex fleet,
      NodeWrites writes,
      TimeSource time,
      Gates gates) {
    this.cluster = cluster;
    this.observer = observer;
    this.fleet = fleet;
    this.writes = writes;
    this.time = time;
    this.gates = gates;
  }

  /**
   * One node.
   *
   * @param seen the inputs of a decision about it now
   * @param decided the last decision, empty before the first
   * @param phase its phase, empty before the first decision
   * @param since when it came into its phase
   * @param differs it is not up to date with the last decision
   * @param problem why the API server refuses the update, empty when it does not
   * @param config the configuration from its present policies, with the plug-ins' sections that it
   *     carries
   * @param gates their present answers, empty when no policy warms it up
   * @param writeRetries since it came into its phase
   */
  public record Detail(
      Observation seen,
      Optional<NodePlan.Summary> decided,
      Optional<NodePhase> phase,
      Instant since,
      boolean differs,
      String problem,
      CompiledConfig config,
      Optional<Verdict> gates,
      NodeState.WriteRetries writeRetries,
      List<NodeWrites.Write> writes) {
    public NodeView node() {
      return seen.node();
    }

    public NodeMemory memory() {
      return seen.memory();
    }
  }

  /** Empty when there is no such node. */
  public Optional<Detail> inspect(String name) {
    return cluster.node(name).map(this::detail);
  }

  private Detail detail(NodeView node) {
    NodeState state = fleet.state(node.name());
    Map<String, Object> plugins =
        Optional.ofNullable(node.annotations().get(Keys.CONFIG))
            .map(ConfigAnnotation::pluginSections)
            .orElse(Map.of());
    Observation seen = observer.observe(node).completed();
    CompiledConfig config =
        seen.config().withPluginSections(ConfigAnnotation.pluginDigests(plugins));
    return new Detail(
        seen,
        state.summary(),
        state.phase(),
        time.wallTime(state.since()),
        state.differs(),
        state.problem(),
        config,
        WarmUpRequest.of(seen, config)
            .map(request -> gates.check(request.gateInput(seen.now()), seen.now())),
        state.writeRetries(),
        writes.last(node.name()));
  }
}
