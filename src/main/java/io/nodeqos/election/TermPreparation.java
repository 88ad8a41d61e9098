// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.util.concurrent.CompletableFuture;

/** What has to be done before the first write of a term: the caches catch up, for example. */
@FunctionalInterface
public interface TermPreparation {
  /** Nothing has to be done. */
  TermPreparation NONE = () -> CompletableFuture.completedFuture(null);

  /**
   * Begins; called once for each term, when the Lease has been taken. A fence that has closed, for
   * whatever reason, opens in another term only. Must not block.
   *
   * @return the term starts, and the fence opens, when it completes. When it never does, or
   *     exceptionally, the term never starts
   */
  CompletableFuture<Void> begin();
}
