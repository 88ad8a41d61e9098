// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import java.time.Instant;

/**
 * Something that happened.
 *
 * @param node empty when it is not about one node
 * @param nodeUid empty when it is not about one node
 * @param policy the policy it comes from, empty when there is none
 * @param configVersion in force, empty when there is none
 * @param epoch the leader term in which it happened
 * @param message one sentence
 */
public record QosEvent(
    Type type,
    Instant at,
    String node,
    String nodeUid,
    String policy,
    String configVersion,
    long epoch,
    String message) {

  /** What can happen. */
  public enum Type {
    CONFIG_UPDATED,
    WARMUP_STARTED,
    WARMUP_DONE,
    WARMUP_LOST,
    LEADER_CHANGED
  }
}
