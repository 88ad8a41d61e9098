// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Requests that reach the server, and replies that come back, when a test says so. */
final class ManualRequests implements LeaseRequests {

  private final LeaseStore store;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private boolean immediate = true;
  private Optional<LeaseResult> failure = Optional.empty();

  ManualRequests(LeaseStore store) {
    this.store = store;
  }

  private record Pending(Request request, CompletableFuture<LeaseResult> reply) {}

  @Override
  public CompletableFuture<LeaseResult> send(Request request) {
    CompletableFuture<LeaseResult> reply = new CompletableFuture<>();
    if (failure.isPresent()) {
      reply.complete(failure.get());
    } else if (immediate) {
      reply.complete(LeaseRequests.perform(store, request));
    } else {
      pending.add(new Pending(request, reply));
    }
    return reply;
  }

  /** From now on requests wait for {@link #commit}. */
  void hold() {
    immediate = false;
  }

  /** From now on requests are answered at once. */
  void flow() {
    immediate = true;
    failure = Optional.empty();
  }

  /** From now on requests do not reach the server. */
  void fail(LeaseResult result) {
    failure = Optional.of(result);
  }

  /** Lets the oldest request reach the server; its reply comes with {@link Runnable#run}. */
  Runnable commit() {
    Pending next = pending.remove();
    LeaseResult result = LeaseRequests.perform(store, next.request);
    return () -> next.reply.complete(result);
  }

  /** The oldest request reaches the server, its reply is lost. */
  void commitAndLoseReply() {
    Pending next = pending.remove();
    LeaseRequests.perform(store, next.request);
    next.reply.complete(new LeaseResult.Failed("timeout"));
  }

  /** The oldest request gets lost. */
  void lose() {
    pending.remove().reply.complete(new LeaseResult.Failed("timeout"));
  }

  int waiting() {
    return pending.size();
  }
}
