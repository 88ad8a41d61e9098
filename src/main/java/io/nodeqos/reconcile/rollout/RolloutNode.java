// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * One node of a rollout, as the leader sees it.
 *
 * @param zone value of the label by which the steps are spread, empty without it
 * @param stable the revision that it has before the rollout and after a rollback, empty for none
 * @param carried the revision that its Node object says
 * @param moving the revision that the leader has given it and that its Node object does not say yet
 * @param settled no write of the controller to the node is missing
 * @param movable it is decided and not frozen, and the API server does not refuse its writes: it
 *     can be given another revision
 * @param unwell it is NotReady or cordoned, or something is wrong with it
 * @param changedAt when this leader has first seen it with its present revision
 * @param health its health since it got the revision
 */
record RolloutNode(
    String name,
    String zone,
    String stable,
    String carried,
    Optional<String> moving,
    boolean settled,
    boolean movable,
    boolean unwell,
    Instant changedAt,
    NodeHealth health) {

  /** It has the revision, or has been given it. */
  boolean isOn(String revision) {
    return moving.orElse(carried).equals(revision);
  }

  /** It has settled on the revision, and nothing is wrong with it. */
  boolean isHealthyOn(String revision) {
    return hasSettledOn(revision) && health.healthy();
  }

  /** Its Node object says the revision, and nothing is left to write. */
  boolean hasSettledOn(String revision) {
    return moving.isEmpty() && settled && carried.equals(revision);
  }
}
