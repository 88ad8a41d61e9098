// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.util.concurrent.CompletableFuture;

/** The work before the first write of a term: the caches catch up, for example. */
@FunctionalInterface
public interface TermPreparation {
  /** No work is needed. */
  TermPreparation NONE = () -> CompletableFuture.completedFuture(null);

  /**
   * Starts; called when this process is about to take the Lease, or has just taken it. From then on
   * no other process writes before the term, and when one does take the Lease, another preparation
   * counts. A fence that has closed, for any reason, opens in another term only. Must not block.
   *
   * @return the term starts, and the fence opens, when it completes. When it never does, or
   *     exceptionally, the term never starts
   */
  CompletableFuture<Void> begin();
}
