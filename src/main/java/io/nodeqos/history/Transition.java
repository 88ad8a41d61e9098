// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.util.List;

/**
 * Something that has happened to a node, as the Node tells it.
 *
 * @param at when this replica saw it; for one that was rebuilt, what the Node says
 * @param uid of the node that bore the name then
 * @param reason of the condition, empty where it has none to do with it
 * @param message one sentence
 * @param configVersion that the node carried afterwards, empty without one
 * @param policies that the configuration came from, sorted
 * @param epoch the leader term that wrote it, 0 when it is not known
 * @param leader who led then, empty when it is not known
 * @param traceId of the reconcile that wrote it, empty without tracing
 * @param rebuilt true when nobody of this replica watched: it was read off the Node afterwards
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
  /** What can happen. */
  public enum Type {
    CONFIG_UPDATED,
    CONFIG_REMOVED,
    WARMUP_STARTED,
    /** It waits for something else than before. */
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
