// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.TransientTaints;
import io.nodeqos.policy.spec.WarmUp;
import java.util.function.Supplier;

/** Creates the gate for each entry of {@code spec.warmUp}. Thread-safe. */
final class GateFactory implements WarmUp.GateVisitor<Gate> {
  private final Supplier<TransientTaints> transientTaints;

  /**
   * @param transientTaints called for each gate
   */
  GateFactory(Supplier<TransientTaints> transientTaints) {
    this.transientTaints = transientTaints;
  }

  @Override
  public Gate visit(WarmUp.NodeReady gate) {
    return new NodeReadyGate();
  }

  @Override
  public Gate visit(WarmUp.Condition gate) {
    return new ConditionGate(gate);
  }

  @Override
  public Gate visit(WarmUp.ReservedPods gate) {
    return new ReservedPodsGate(gate, transientTaints.get());
  }

  @Override
  public Gate visit(WarmUp.Resource gate) {
    return new ResourceGate(gate);
  }

  @Override
  public Gate visit(WarmUp.CsiDriver gate) {
    return new CsiDriverGate(gate);
  }

  @Override
  public Gate visit(WarmUp.ImagesPresent gate) {
    return new ImagesGate();
  }

  @Override
  public Gate visit(WarmUp.ConfigApplied gate) {
    return new ConfigAppliedGate();
  }
}
