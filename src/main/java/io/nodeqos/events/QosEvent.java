// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import java.time.Instant;

/**
 * Something that happened.
 *
 * @param node the node it happened to, {@link ObjectId#NONE} when it is not about one
 * @param policy the policy it happened to, or of which it is a consequence; may be {@link
 *     ObjectId#NONE}
 * @param message one sentence or more, for people
 */
public record QosEvent(
    Type type, Instant at, ObjectId node, ObjectId policy, Context context, String message) {

  /** What can happen. Each is a deed of the leader, or of the process that ceases to lead. */
  public enum Type {
    CONFIG_UPDATED,
    WARMUP_STARTED,
    /** A node waits for another reason than before, or a new leader tells what it waits for. */
    WARMUP_WAITING,
    /** A gate waits for pods that the startup taint keeps off the node. */
    GATE_DEADLOCK,
    /** Gates that were not open were released after their timeout. */
    WARMUP_TIMED_OUT,
    WARMUP_DONE,
    WARMUP_LOST,
    /** What policies that are gone from a node had put on it was taken off. */
    CLEANED,
    /** A node carries a startup taint that no policy will take off. */
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
    /** Too many nodes of a policy would lose their mark at once; a person must confirm it. */
    BRAKED,
    /** The API server does not accept what a node or a policy should carry. */
    WRITE_REFUSED,
    /** A node was written again and again though nothing outside had changed; pauses follow. */
    WRITES_DAMPED,
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
   * In which circumstances it happened.
   *
   * @param namespace of the pod whose change led to it, empty when it was none
   * @param configVersion in force, empty without one
   * @param epoch the leader term
   * @param traceId of the reconcile that it is a deed of, empty when there is none or it is not
   *     traced
   */
  public record Context(String namespace, String configVersion, long epoch, String traceId) {
    /** Of no trace. */
    public Context(String namespace, String configVersion, long epoch) {
      this(namespace, configVersion, epoch, "");
    }

    /** The same in this trace. */
    public Context in(String trace) {
      return new Context(namespace, configVersion, epoch, trace);
    }
  }
}
