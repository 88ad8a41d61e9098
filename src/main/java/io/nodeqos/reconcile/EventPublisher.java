// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.election.Fence;
import io.nodeqos.events.EventSink;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.Context;
import io.nodeqos.events.QosEvent.ObjectId;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.nodeqos.time.TimeSource;

/** Creates events with the trace of the calling thread's work, and publishes them. Thread-safe. */
public final class EventPublisher {
  private final EventSink sink;
  private final PolicyCatalog policies;
  private final Fence fence;
  private final TimeSource time;

  public EventPublisher(EventSink sink, PolicyCatalog policies, Fence fence, TimeSource time) {
    this.sink = sink;
    this.policies = policies;
    this.fence = fence;
    this.time = time;
  }

  /**
   * Publishes an event about a node.
   *
   * @param policy the policy that causes it, empty without one
   */
  public void node(
      QosEvent.Type type, NodeView.Meta node, String policy, Context context, String message) {
    publish(type, new ObjectId(node.name(), node.uid()), policyId(policy), context, message);
  }

  /** Publishes an event about a policy. */
  public void policy(QosEvent.Type type, PolicyObject.Meta policy, String message) {
    publish(
        type,
        ObjectId.NONE,
        new ObjectId(policy.name(), policy.uid()),
        new Context("", "", fence.epoch()),
        message);
  }

  /**
   * Publishes an event about a policy that belongs to this trace.
   *
   * @param traceId empty for none
   */
  public void policy(QosEvent.Type type, PolicyObject.Meta policy, String message, String traceId) {
    sink.publish(
        new QosEvent(
            type,
            time.wallTime(),
            ObjectId.NONE,
            new ObjectId(policy.name(), policy.uid()),
            new Context("", "", fence.epoch(), traceId),
            message));
  }

  /** Publishes an event that is about neither a node nor a policy. */
  void controller(QosEvent.Type type, String message) {
    publish(type, ObjectId.NONE, ObjectId.NONE, new Context("", "", fence.epoch()), message);
  }

  /** This process started or stopped to lead in this term. */
  public void leaderChanged(long epoch, String message) {
    publish(
        QosEvent.Type.LEADER_CHANGED,
        ObjectId.NONE,
        ObjectId.NONE,
        new Context("", "", epoch),
        message);
  }

  public long epoch() {
    return fence.epoch();
  }

  private ObjectId policyId(String name) {
    return name.isEmpty()
        ? ObjectId.NONE
        : new ObjectId(
            name, policies.entry(name).map(entry -> entry.latest().meta().uid()).orElse(""));
  }

  private void publish(
      QosEvent.Type type, ObjectId node, ObjectId policy, Context context, String message) {
    Context traced = context.in(WorkTrace.current().traceId());
    sink.publish(new QosEvent(type, time.wallTime(), node, policy, traced, message));
  }
}
