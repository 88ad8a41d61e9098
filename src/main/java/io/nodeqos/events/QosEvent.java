// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import java.time.Instant;

/**
 * An event of the controller.
 *
 * @param node the node that it is about, {@link ObjectId#NONE} without one
 * @param policy the policy that it is about or that causes it; may be {@link ObjectId#NONE}
 * @param message one or more full sentences
 */
public record QosEvent(
    Type type, Instant at, ObjectId node, ObjectId policy, Context context, String message) {

  /** The types of events. The leader publishes each of them, or the process that stops leading. */
  public enum Type {
    CONFIG_UPDATED,
    WARMUP_STARTED,
    /** A node waits for another reason than before, or a new leader reports its blockers. */
    WARMUP_WAITING,
    /** A gate waits for pods that the startup taint keeps off the node. */
    GATE_DEADLOCK,
    /** Gates that were not open were released after their timeout. */
    WARMUP_TIMED_OUT,
    WARMUP_DONE,
    WARMUP_LOST,
    /** The state of policies that no longer apply to a node was removed from it. */
    CLEANED,
    /** A node carries a startup taint that no policy will remove. */
    ORPHAN_STARTUP_TAINT,
    WORKER_FAILED,
    POLICY_VALID,
    POLICY_INVALID,
    /** A policy is suspended; the nodes that take a section from it stay as they are. */
    POLICY_SUSPENDED,
    /** A policy is no longer suspended. */
    POLICY_RESUMED,
    /** A node cannot pull an image of a policy. */
    IMAGE_PULL_FAILED,
    /** Too many nodes of a policy would lose their mark at once; an operator must confirm it. */
    BRAKED,
    /** The API server refuses the update of a node or a policy. */
    WRITE_REFUSED,
    /** A node was written repeatedly without an outside change; pauses follow. */
    WRITES_DAMPED,
    ROLLOUT_STARTED,
    /** All nodes of a step are healthy with the revision, and the next step begins. */
    ROLLOUT_STEP_DONE,
    /** A rollout waits as planned, or as an operator wants. */
    ROLLOUT_PAUSED,
    /** A rollout waits because too many nodes fail. */
    ROLLOUT_FAILING,
    ROLLOUT_RESUMED,
    ROLLING_BACK,
    ROLLED_BACK,
    ROLLOUT_COMPLETE,
    LEADER_CHANGED
  }

  /**
   * Name and UID of an object of the cluster.
   *
   * @param uid empty when it is not known
   */
  public record ObjectId(String name, String uid) {
    public static final ObjectId NONE = new ObjectId("", "");

    public boolean isNone() {
      return name.isEmpty();
    }
  }

  /**
   * The circumstances of an event.
   *
   * @param namespace namespace of the pod whose change triggered it, empty without one
   * @param configVersion the version in force, empty without one
   * @param epoch the leader term
   * @param traceId trace of the reconcile that published it, empty when there is none or it is not
   *     traced
   */
  public record Context(String namespace, String configVersion, long epoch, String traceId) {
    /** Without a trace. */
    public Context(String namespace, String configVersion, long epoch) {
      this(namespace, configVersion, epoch, "");
    }

    /** The same in this trace. */
    public Context in(String trace) {
      return new Context(namespace, configVersion, epoch, trace);
    }
  }
}
