// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the store on another thread than the caller's, so that an interrupt of the
 * elector cannot interrupt a PUT that the server may commit.
 */
interface LeaseRequests {

  /** The future completes with the reply, never exceptionally; the request cannot be cancelled. */
  CompletableFuture<LeaseResult> send(Request request);

  /** One request on the Lease. */
  sealed interface Request {}

  /** A quorum read. */
  record Get() implements Request {}

  /** Acquires the Lease; creates it when the state has no version. */
  record Take(LeaseState state) implements Request {}

  /** Renews the term. */
  record Renew(LeaseState state) implements Request {}

  /** Releases the Lease. */
  record Release(LeaseState state) implements Request {}

  /** Requests over a blocking store, each on the given executor. */
  static LeaseRequests of(LeaseStore store, Executor executor) {
    Logger log = LoggerFactory.getLogger(LeaseRequests.class);
    return request -> {
      CompletableFuture<LeaseResult> reply = new CompletableFuture<>();
      Runnable call =
          () -> {
            LeaseResult result;
            try {
              result = perform(store, request);
            } catch (RuntimeException | Error e) {
              // A reply that never comes would stop the election.
              log.error("Lease store failed", e);
              result = new LeaseResult.Failed("the Lease store failed: " + e);
            }
            reply.complete(result);
          };
      try {
        executor.execute(call);
      } catch (RejectedExecutionException e) {
        reply.complete(new LeaseResult.Failed("the election is closed"));
      }
      return reply;
    };
  }

  /** Blocks until the store has answered. */
  static LeaseResult perform(LeaseStore store, Request request) {
    if (request instanceof Take take) {
      return take.state.resourceVersion() == null
          ? store.create(take.state)
          : store.update(take.state);
    }
    if (request instanceof Renew renew) {
      return store.update(renew.state);
    }
    return request instanceof Release release ? store.update(release.state) : store.get();
  }
}
