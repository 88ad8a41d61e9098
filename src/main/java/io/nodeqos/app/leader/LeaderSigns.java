// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.reconcile.fleet.Undecided;
import java.time.Duration;
import java.util.Optional;

/** The signs of a leader's progress. */
public interface LeaderSigns {
  boolean leading();

  /** How long work has waited without progress of any worker. */
  Duration workersStalled();

  /** How long a cache has been cut off from the API server. */
  Duration cachesStale();

  /** How long the Lease has been held while caches catch up. */
  Duration waitingToStart();

  /** Nodes that wait while no reconcile comes to a decision. */
  Optional<Undecided.Stall> undecided();
}
