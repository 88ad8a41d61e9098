// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/**
 * The one Lease of this controller on the API server. Calls block, must end within {@link
 * ElectionSettings#leaseCallTimeout} and never throw for an error of server or network; they are
 * made from one thread at a time.
 */
public interface LeaseStore {

  /** A quorum read (no resourceVersion in the query): never answered from a watch cache. */
  LeaseResult get();

  /** Creates the Lease; {@link LeaseResult.Conflict} when it exists already. */
  LeaseResult create(LeaseState state);

  /**
   * Replaces the Lease if its version is still {@code state.resourceVersion()}. The store must not
   * retry it: after a lost reply only the caller can decide.
   */
  LeaseResult update(LeaseState state);

  /**
   * Watches the Lease until closed, reconnecting by itself with a jittered backoff. Events may be
   * late, repeated or come in an older version after a reconnect; the listener copes with that. The
   * first event after a (re)connect may describe the present state.
   */
  Watch watch(Listener listener);

  /** Receives the events of the watch, on the store's thread; returns quickly and never throws. */
  interface Listener {
    /** The Lease was added or modified. */
    void changed(LeaseState state);

    /** The Lease was deleted; the version is that of the deletion. */
    void deleted(String resourceVersion);

    /** A bookmark: the watch works and the Lease has not changed up to that version. */
    void alive();
  }

  /** A running watch. */
  interface Watch extends AutoCloseable {
    /** Ends the watch; does not wait for its thread. Idempotent. */
    @Override
    void close();
  }
}
