// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.util.concurrent.CompletableFuture;

/** Lets the cache of Nodes catch up with the API server. */
@FunctionalInterface
public interface FreshNodes {
  /**
   * Begins, and does not block. For one caller at a time: a further call ends the one before.
   *
   * @return completes when the cache holds all that the API server held at the call; exceptionally
   *     when that did not come about in time
   */
  CompletableFuture<Void> reached();
}
