// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/**
 * The one Lease of this controller on the API server. Calls block, must end within the call timeout
 * of {@link ElectionSettings#leaseCallTimeout} and never throw for what a server or network can do;
 * they are made from one thread at a time.
 */
public interface LeaseStore {

  /** A quorum read (no resourceVersion in the query): never answered from a watch cache. */
  LeaseResult get();

  /** Creates the Lease; {@link LeaseResult.Conflict} when it exists already. */
  LeaseResult create(LeaseState state);

  /**
   * Replaces the Lease if its version is still {@code state.resourceVersion()}. Must not be retried
   * by the store: after a lost reply only the caller knows what to do.
   */
  LeaseResult update(LeaseState state);

  /**
   * Watches the Lease until closed, reconnecting by itself with a jittered backoff. Events may be
   * late, repeated or come in an older version after a reconnect; the listener copes with that. The
   * first event after a (re)connect may describe the present state.
   */
  Watch watch(Listener listener);

  /** Receives what the watch sees, on the store's thread; returns quickly and never throws. */
  interface Listener {
    /** The Lease was added or modified. */
    void changed(LeaseState state);

    /** The Lease was deleted; the version is that of the deletion. */
    void deleted(String resourceVersion);

    /** A bookmark: the watch lives and the Lease has not changed up to that version. */
    void alive();
  }

  /** A running watch. */
  interface Watch extends AutoCloseable {
    /** Ends the watch; does not wait for its thread. Idempotent. */
    @Override
    void close();
  }
}
