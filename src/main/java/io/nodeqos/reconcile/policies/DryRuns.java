// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.NodeQoSPolicy;
import java.time.Duration;

/** Evaluates dry runs: policies as if they were in force. Writes nothing. */
public interface DryRuns {
  /**
   * A result, and whether it is up to date.
   *
   * @param again when to ask again because nodes have changed since; zero when none has
   */
  record Evaluation(DryRunResult result, Duration again) {}

  /** O(nodes) when nodes have changed since the last evaluation, and then not too often. */
  Evaluation evaluate(NodeQoSPolicy policy);

  /** Drops the memory of the policy. */
  void forget(String policy);
}
