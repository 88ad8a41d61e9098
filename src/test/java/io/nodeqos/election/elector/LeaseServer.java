// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** One Lease with optimistic locking, as the API server keeps it, and its watches. */
final class LeaseServer {

  private final List<LeaseStore.Listener> watches = new CopyOnWriteArrayList<>();
  private final List<LeaseState> history = new ArrayList<>();
  private LeaseState present;
  private long version = 100;
  private int reads;
  private int writes;

  synchronized LeaseResult get() {
    reads++;
    return present == null ? new LeaseResult.NotFound() : new LeaseResult.Ok(present);
  }

  LeaseResult create(LeaseState state) {
    synchronized (this) {
      writes++;
      if (present != null) {
        return new LeaseResult.Conflict();
      }
    }
    return new LeaseResult.Ok(store(state.spec()));
  }

  LeaseResult update(LeaseState state) {
    LeaseState stored;
    synchronized (this) {
      writes++;
      if (present == null) {
        return new LeaseResult.NotFound();
      }
      if (!Objects.equals(present.resourceVersion(), state.resourceVersion())) {
        return new LeaseResult.Conflict();
      }
      if (isInvalid(state.spec())) {
        return new LeaseResult.Failed("HTTP 422: " + state.spec());
      }
      stored = put(state.spec());
    }
    watches.forEach(w -> w.changed(stored));
    return new LeaseResult.Ok(stored);
  }

  /** As ValidateLeaseSpec of Kubernetes 1.34, and the range of an int32. */
  private static boolean isInvalid(LeaseState.Spec spec) {
    long seconds = spec.leaseDuration() == null ? 1 : spec.leaseDuration().toSeconds();
    return seconds <= 0
        || seconds > Integer.MAX_VALUE
        || spec.transitions() < 0
        || spec.transitions() > Integer.MAX_VALUE;
  }

  /** Writes the Lease past the election, as an operator or another program does. */
  LeaseState store(LeaseState.Spec spec) {
    LeaseState stored;
    synchronized (this) {
      stored = put(spec);
    }
    watches.forEach(w -> w.changed(stored));
    return stored;
  }

  LeaseState edit(UnaryOperator<LeaseState.Spec> change) {
    return store(change.apply(present().spec()));
  }

  void delete() {
    String gone;
    synchronized (this) {
      present = null;
      version++;
      gone = Long.toString(version);
    }
    watches.forEach(w -> w.deleted(gone));
  }

  private LeaseState put(LeaseState.Spec spec) {
    version++;
    present = new LeaseState(Long.toString(version), spec, null);
    history.add(present);
    return present;
  }

  LeaseStore.Watch watch(LeaseStore.Listener listener) {
    watches.add(listener);
    return () -> watches.remove(listener);
  }

  synchronized LeaseState present() {
    return present;
  }

  /** The newest one, also of a deletion. */
  synchronized long version() {
    return version;
  }

  synchronized List<LeaseState> history() {
    return List.copyOf(history);
  }

  synchronized int reads() {
    return reads;
  }

  synchronized int writes() {
    return writes;
  }
}
