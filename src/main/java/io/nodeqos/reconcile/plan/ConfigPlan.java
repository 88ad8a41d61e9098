// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.NodeMemory.ReservationMemory;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Instants;
import io.nodeqos.policy.CompiledConfig;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The configuration half of a plan.
 *
 * @param config the configuration with the version that the node is to carry
 * @param resources extended resources of QoS classes and of plug-ins; never the condition
 * @param problem why the configuration stays although it should change; empty normally
 * @param crowdedOut as in {@link NodePlan.Summary}
 */
record ConfigPlan(
    CompiledConfig config,
    MetadataChange metadata,
    StatusChange resources,
    ReservationMemory memory,
    Optional<Instant> checkAgainAt,
    Optional<String> problem,
    List<String> crowdedOut) {

  /** With one more change of metadata. */
  ConfigPlan plus(MetadataChange change) {
    return new ConfigPlan(
        config, metadata.plus(change), resources, memory, checkAgainAt, problem, crowdedOut);
  }

  /** Of a node whose reservation waits until then. */
  ConfigPlan waiting(ReservationMemory pending, Optional<Instant> due) {
    return new ConfigPlan(
        config,
        metadata,
        resources,
        pending,
        Instants.earliest(due, checkAgainAt),
        problem,
        crowdedOut);
  }

  /**
   * The two variants of a plan.
   *
   * @param alone for a node that is written for the configuration alone, so that a small change can
   *     wait
   * @param ridingAlong for a node that is written anyway: a small change costs no write of its own
   */
  record Choice(ConfigPlan alone, ConfigPlan ridingAlong) {
    static Choice only(ConfigPlan sync) {
      return new Choice(sync, sync);
    }

    /**
     * A change to another version does not ride along: the gates have been checked with the present
     * one.
     */
    ConfigPlan where(boolean isWritten) {
      return isWritten && ridingAlong.config().version().equals(alone.config().version())
          ? ridingAlong
          : alone;
    }
  }
}
