// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.util.concurrent.CompletableFuture;

/** Lets the cache of Nodes catch up with the API server. */
@FunctionalInterface
public interface FreshNodes {
  /**
   * Starts, and does not block. For one caller at a time: a further call ends the one before.
   *
   * @return completes when the cache holds all objects that the API server held at the call;
   *     completes exceptionally on a timeout
   */
  CompletableFuture<Void> reached();
}
