// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaseResult;
import java.util.concurrent.CompletableFuture;

/** Counts requests. */
final class CountingRequests implements LeaseRequests {

  private final LeaseRequests requests;
  int sent;

  CountingRequests(LeaseRequests requests) {
    this.requests = requests;
  }

  @Override
  public CompletableFuture<LeaseResult> send(Request request) {
    sent++;
    return requests.send(request);
  }
}
