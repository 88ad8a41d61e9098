// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import com.google.gson.JsonObject;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.Tracing.Event;
import java.util.Optional;

/** Turns what changes in the caches into keys on the queues. O(1) for each event. */
public final class EventRouter implements ClusterListener {
  private final Queues queues;
  private final FleetIndex fleet;
  private final PolicyCatalog policies;
  private final PolicyWrites writes;
  private final WorkerRegistry workers;
  private final Tracing tracing;

  /**
   * The queues.
   *
   * @param nodes keys are names of nodes
   * @param policies keys are names of policies
   * @param fanOut keys are those of {@link FanOut}
   */
  public record Queues(KeyedQueue nodes, KeyedQueue policies, KeyedQueue fanOut) {}

  /**
   * @param writes tells our own writes of policies from those of others
   */
  public EventRouter(
      Queues queues,
      FleetIndex fleet,
      PolicyCatalog policies,
      PolicyWrites writes,
      WorkerRegistry workers,
      Tracing tracing) {
    this.queues = queues;
    this.fleet = fleet;
    this.policies = policies;
    this.writes = writes;
    this.workers = workers;
    this.tracing = tracing;
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    enqueue(now.name(), trigger(Event.NODE, now.name(), ""));
  }

  @Override
  public void nodeDeleted(String name) {
    queues.nodes().add(name, Lane.CHANGE, trigger(Event.NODE, name, ""));
  }

  @Override
  public void podChanged(String nodeName, String namespace) {
    enqueue(nodeName, trigger(Event.POD, nodeName, namespace));
  }

  @Override
  public void reservedNamespaceChanged(String namespace) {
    queues
        .fanOut()
        .add(
            FanOut.namespace(namespace),
            Lane.CHANGE,
            trigger(Event.NAMESPACE, namespace, namespace));
  }

  @Override
  public void csiNodeChanged(String nodeName) {
    enqueue(nodeName, trigger(Event.CSI_NODE, nodeName, ""));
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    Optional<JsonObject> before = policies.entry(policy.name()).map(e -> e.latest().status());
    if (policies.apply(policy)) {
      inForceChanged(policy.name());
    } else if (!before.equals(Optional.of(policy.status())) && !writes.isOurs(policy)) {
      // Our own write must not cause the next one; a status that somebody changed is put right.
      queues.policies().add(policy.name(), Lane.CHANGE, trigger(Event.POLICY, policy.name(), ""));
    }
  }

  @Override
  public void policyDeleted(String name) {
    if (policies.remove(name)) {
      inForceChanged(name);
    }
  }

  @Override
  public void revisionChanged(PolicyRevision revision) {
    if (policies.apply(revision)) {
      inForceChanged(revision.policy());
    }
  }

  @Override
  public void revisionDeleted(PolicyRevision revision) {
    policies.remove(revision);
  }

  /** Nothing here depends on it; {@link SpinnerRouter} queues what does. */
  @Override
  public void spinnerChanged(String policy) {}

  private void inForceChanged(String policy) {
    workers.updateConfig(policies.snapshot());
    Trigger trigger = trigger(Event.POLICY, policy, "");
    queues.fanOut().add(FanOut.policy(policy), Lane.CHANGE, trigger);
    queues.policies().add(policy, Lane.CHANGE, trigger);
  }

  private Trigger trigger(Event event, String name, String namespace) {
    return new Trigger(event.kind(), namespace, tracing.event(event, name, namespace));
  }

  /** A node that is new or waits comes before one that works already. */
  private void enqueue(String node, Trigger trigger) {
    queues.nodes().add(node, fleet.isBlocked(node) ? Lane.URGENT : Lane.CHANGE, trigger);
  }
}
