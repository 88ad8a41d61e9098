// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.util.List;

/**
 * A transition of a node, as read from the Node.
 *
 * @param at when this replica saw it; for a rebuilt one, the time on the Node
 * @param uid uid of the node that had the name then
 * @param reason reason of the condition, empty when the condition is not concerned
 * @param message one sentence
 * @param configVersion the version that the node carried afterwards, empty without one
 * @param policies policies of the configuration, sorted
 * @param epoch the leader term of the write, 0 when it is not known
 * @param leader the leader of that term, empty when it is not known
 * @param traceId trace of the reconcile that wrote it, empty without tracing
 * @param rebuilt true when this replica did not see it happen: it was read from the Node afterwards
 */
public record Transition(
    Instant at,
    String node,
    String uid,
    Type type,
    String reason,
    String message,
    String configVersion,
    List<String> policies,
    long epoch,
    String leader,
    String traceId,
    boolean rebuilt) {
  /** The types of transitions. */
  public enum Type {
    CONFIG_UPDATED,
    CONFIG_REMOVED,
    WARMUP_STARTED,
    /** It waits for another reason than before. */
    WARMUP_WAITING,
    /** Gates that were not open were released after their timeout. */
    WARMUP_TIMED_OUT,
    WARMUP_DONE,
    WARMUP_LOST
  }

  public Transition {
    policies = List.copyOf(policies);
  }

  Transition ledBy(String holder) {
    return new Transition(
        at,
        node,
        uid,
        type,
        reason,
        message,
        configVersion,
        policies,
        epoch,
        holder,
        traceId,
        rebuilt);
  }
}
