// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.CompiledConfig;
import java.util.Optional;

/**
 * The input of a worker.
 *
 * @param heldReservation the reservation that stays because a change is damped; empty to compute it
 *     anew
 * @param reservation the reservation of the node, {@link Resources#NONE} until the worker that
 *     computes it has run
 */
public record WorkerInput(
    NodeView node,
    ReservedState reserved,
    CompiledConfig config,
    Optional<Resources> heldReservation,
    Resources reservation) {

  WorkerInput withReservation(Resources newReservation) {
    return new WorkerInput(node, reserved, config, heldReservation, newReservation);
  }
}
