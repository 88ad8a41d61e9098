// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutState;
import java.util.Optional;

/**
 * The part of {@code status.rollout} that every policy in force has: the stable revision. A later
 * rollout starts from it, and goes back to it.
 */
final class RolloutStatus {
  private RolloutStatus() {}

  /**
   * Adds it to a status that is going to be written. All nodes follow the version in force of a
   * policy without a rollout, so that this version is the stable one. The record of a rollout is
   * left as it is; where there is none, the status gets the revision that the rollout starts from:
   * after the write, {@code observedGeneration} tells nothing about the version before.
   *
   * @param present the present status
   * @param previous the last reported status: another writer may have removed the record since
   * @param revisions of the policy, by the catalog
   */
  static void add(
      JsonObject status,
      PolicyCatalog.Entry entry,
      JsonObject present,
      JsonObject previous,
      Optional<RolloutState.Revisions> revisions) {
    Optional<NodeQoSPolicy> inForce =
        entry.inForce().filter(policy -> !entry.latest().meta().deleting());
    if (inForce.isEmpty()) {
      return;
    }
    if (inForce.get().spec().rollout().isEmpty()) {
      JsonObject stable =
          RolloutJson.stable(inForce.get().revision(), inForce.get().meta().generation());
      status.add(RolloutJson.FIELD, instead(stable, present));
    } else if (RolloutJson.in(present).isEmpty()) {
      RolloutJson.in(previous)
          .map(RolloutState::revisions)
          .or(() -> revisions)
          .map(known -> RolloutJson.stable(known.stable(), known.stableGeneration()))
          .ifPresent(stable -> status.add(RolloutJson.FIELD, stable));
    }
  }

  /** The patch to this record: it removes what an earlier rollout has left. */
  private static JsonObject instead(JsonObject record, JsonObject present) {
    if (present.get(RolloutJson.FIELD) instanceof JsonObject before) {
      before.keySet().stream()
          .filter(field -> !record.has(field))
          .toList()
          .forEach(field -> record.add(field, JsonNull.INSTANCE));
    }
    return record;
  }
}
