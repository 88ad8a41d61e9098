// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.GateInput;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.spec.WarmUp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A node that a policy warms up, with all inputs of the decision. The decision and every display of
 * gates ask them with the same {@link #gateInput}.
 *
 * @param wallAhead see {@link Observation#wallAhead}
 */
public record WarmUpRequest(
    NodeView node,
    ReservedState reserved,
    CompiledConfig config,
    WarmUp warmUp,
    NodeMemory memory,
    Duration wallAhead) {
  /**
   * Empty when no policy warms the node up.
   *
   * @param seen {@linkplain Observation#completed completed}
   * @param config the configuration in question: gates check its version
   */
  public static Optional<WarmUpRequest> of(Observation seen, CompiledConfig config) {
    return config
        .sections()
        .warmUp()
        .map(
            warmUp ->
                new WarmUpRequest(
                    seen.node(), seen.reserved(), config, warmUp, seen.memory(), seen.wallAhead()));
  }

  /** The time by the wall clock, which objects carry. */
  Instant wall(Instant now) {
    return now.plus(wallAhead);
  }

  /**
   * When the warm-up started, by the clock of the decision. It keeps the value at the first sight
   * of this process, also when clocks are changed later; a recorded start in the future counts as
   * now.
   */
  public Instant begin(Instant now) {
    Instant recorded = start(now).at().minus(wallAhead);
    return memory
        .warmUp()
        .map(WarmUpTimes::begin)
        .orElseGet(() -> recorded.isAfter(now) ? now : recorded);
  }

  StartupTaint taint() {
    return StartupTaint.of(warmUp.taintKey(), memory);
  }

  WarmUpMark mark() {
    return WarmUpMark.of(node);
  }

  /** It carries a mark that is valid for this boot. */
  boolean isWarm() {
    return mark().state() == WarmUpMark.State.VALID;
  }

  WarmUpStart start(Instant now) {
    return WarmUpStart.of(node, config.warmUpSince(), wall(now));
  }

  WarmedUpCondition condition() {
    return WarmedUpCondition.of(node);
  }

  /** DaemonSets tolerate the present startup taint, not one that it replaces. */
  public GateInput gateInput(Instant now) {
    return new GateInput(
        taint().replacedOn(node),
        reserved,
        config,
        warmUp,
        begin(now),
        new BootEvidence(node, memory.boot(), now));
  }
}
