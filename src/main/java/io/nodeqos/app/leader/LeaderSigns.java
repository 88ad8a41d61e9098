// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.reconcile.fleet.Undecided;
import java.time.Duration;
import java.util.Optional;

/** The signs by which a leader's work is judged. */
public interface LeaderSigns {
  boolean leading();

  /** How long work has waited without any worker getting on. */
  Duration workersStalled();

  /** How long a cache has been cut off. */
  Duration cachesStale();

  /** How long the Lease has been held while caches catch up. */
  Duration waitingToStart();

  /** Nodes that wait while no reconcile comes to a decision. */
  Optional<Undecided.Stall> undecided();
}
