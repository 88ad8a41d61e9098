// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/** This process' hold on the Lease, from the reply to its take. Guarded by {@link LeaseHold}. */
final class OwnTerm {

  final LeaderTerm facts;

  /** When the last committed PUT was about to be sent. */
  long renewedAt;

  /** Whether the elector has reported it. */
  boolean started;

  OwnTerm(LeaderTerm facts, long renewedAt) {
    this.facts = facts;
    this.renewedAt = renewedAt;
  }
}
