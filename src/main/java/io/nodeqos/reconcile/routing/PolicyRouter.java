// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import com.google.gson.JsonObject;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.util.Optional;

/**
 * Puts each version of a policy into the catalog and queues the policy and its nodes, or all nodes
 * where there are plug-ins. It must come before listeners that read the catalog. An event decodes
 * one policy and sorts all of them, on the informer's thread, so that versions come in the order of
 * their events; a plug-in gets the new snapshot on its own thread.
 */
public final class PolicyRouter implements ClusterListener {
  private final KeyedQueue queue;
  private final KeyedQueue fanOut;
  private final PolicyCatalog policies;
  private final PolicyWrites writes;
  private final WorkerRegistry workers;
  private final Tracing tracing;

  /**
   * @param queue keys are names of policies
   * @param fanOut keys are those of {@link FanOut}
   * @param writes distinguishes our own writes of policies from those of other writers
   */
  public PolicyRouter(
      KeyedQueue queue,
      KeyedQueue fanOut,
      PolicyCatalog policies,
      PolicyWrites writes,
      WorkerRegistry workers,
      Tracing tracing) {
    this.queue = queue;
    this.fanOut = fanOut;
    this.policies = policies;
    this.writes = writes;
    this.workers = workers;
    this.tracing = tracing;
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    Optional<JsonObject> before = policies.entry(policy.name()).map(e -> e.latest().status());
    if (policies.apply(policy)) {
      inForceChanged(policy.name());
    } else if (!before.equals(Optional.of(policy.status()))
        && (!writes.isOurs(policy)
            || !before.map(PolicyRouter::rollout).equals(Optional.of(rollout(policy.status()))))) {
      // Our own write must not cause the next one, but the conditions tell of the rollout; a change
      // of the status by another writer is reverted.
      queue.add(policy.name(), Lane.CHANGE, trigger(policy.name()));
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

  /** What the conditions tell of it. */
  private static String rollout(JsonObject status) {
    return RolloutJson.in(status)
        .filter(s -> !s.message().isEmpty())
        .map(s -> s.revisions().target() + " " + s.phase() + " " + s.message())
        .orElse("");
  }

  private void inForceChanged(String policy) {
    workers.updateConfig(policies.snapshot());
    Trigger trigger = trigger(policy);
    fanOut.add(
        workers.hasPlugins() ? FanOut.everywhere(policy) : FanOut.policy(policy),
        Lane.CHANGE,
        trigger);
    queue.add(policy, Lane.CHANGE, trigger);
  }

  private Trigger trigger(String policy) {
    return new Trigger(TriggerKind.POLICY, "", tracing.event(TriggerKind.POLICY, policy, ""));
  }
}
