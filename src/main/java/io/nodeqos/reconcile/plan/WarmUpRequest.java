// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.Subject;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.WarmUp;
import java.time.Duration;
import java.time.Instant;

/**
 * What is known of a node that a policy warms up.
 *
 * @param wallAhead see {@link Observation#wallAhead}
 */
record WarmUpRequest(
    NodeView node,
    ReservedState reserved,
    CompiledConfig config,
    WarmUp warmUp,
    NodeMemory memory,
    Duration wallAhead) {
  /** What is written, and what is read from objects, is of the wall clock. */
  Instant wall(Instant now) {
    return now.plus(wallAhead);
  }

  /**
   * When the warm-up began, by the clock of the decision. It stays what it was when this process
   * first saw it, whatever is done to clocks since; what is told to begin in the future begins
   * then.
   */
  Instant begin(Instant now) {
    Instant told = start(now).at().minus(wallAhead);
    return memory.warmUp().map(WarmUpTimes::begin).orElseGet(() -> told.isAfter(now) ? now : told);
  }

  StartupTaint taint() {
    return StartupTaint.of(warmUp.taintKey(), memory);
  }

  WarmUpMark mark() {
    return WarmUpMark.of(node);
  }

  /** It carries a mark that is for this boot. */
  boolean isWarm() {
    return mark().state() == WarmUpMark.State.VALID;
  }

  WarmUpStart start(Instant now) {
    return WarmUpStart.of(node, config.warmUpSince(), wall(now));
  }

  WarmedUpCondition condition() {
    return WarmedUpCondition.of(node);
  }

  /** DaemonSets tolerate the startup taint of now, not one that it takes the place of. */
  Subject subject(Instant now) {
    return new Subject(
        taint().replacedOn(node),
        reserved,
        config,
        warmUp,
        begin(now),
        new BootEvidence(node, memory.boot(), now));
  }
}
