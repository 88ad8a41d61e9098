// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.PolicySnapshot;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One hash of all inputs of a decision about a node that this controller does not write itself,
 * except the time. While it stays the same, no outside change requires another write.
 */
public final class Cause {
  private Cause() {}

  /**
   * @param policies the policies in force
   * @param turn until when the node may pull images if other nodes wait
   */
  public static int of(
      NodeView node, ReservedState reserved, PolicySnapshot policies, Optional<Instant> turn) {
    return Objects.hash(
        node.foreignHash(policies.removals().taintPrefixes()),
        reserved.contentHash(),
        policies.number(),
        turn);
  }
}
