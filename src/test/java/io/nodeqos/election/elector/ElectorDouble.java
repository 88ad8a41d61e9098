// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.kubernetes.client.openapi.ApiException;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Date;

/**
 * Decides as LeaderElector 25.0.0 does, on a clock that a test can move (the real one reads
 * System.currentTimeMillis), and cuts every attempt that would have to wait.
 */
final class ElectorDouble {

  private final WatchedLock lock;
  private final TimeSource time;
  private final Duration leaseDuration;

  private LeaderElectionRecord observed;
  private long observedAt;

  ElectorDouble(WatchedLock lock, TimeSource time, Duration leaseDuration) {
    this.lock = lock;
    this.time = time;
    this.leaseDuration = leaseDuration;
  }

  /** One try to acquire or renew; whatever is not answered at once is interrupted. */
  boolean attempt() {
    Thread.currentThread().interrupt();
    try {
      return tryAcquireOrRenew();
    } finally {
      Thread.interrupted();
    }
  }

  private boolean tryAcquireOrRenew() {
    Date now = Date.from(time.wallTime());
    LeaderElectionRecord wanted =
        new LeaderElectionRecord(
            lock.identity(), (int) leaseDuration.toSeconds(), now, now, 0, null);
    LeaderElectionRecord found;
    try {
      found = lock.get();
    } catch (ApiException e) {
      if (e.getCode() != 404) {
        throw new AssertionError("LeaderElector would log this at ERROR, each tick", e);
      }
      return noted(lock.create(wanted), wanted);
    }
    if (found == null
        || found.getAcquireTime() == null
        || found.getRenewTime() == null
        || found.getHolderIdentity() == null) {
      return noted(lock.update(wanted), wanted);
    }
    if (!found.equals(observed)) {
      noted(true, found);
    }
    boolean mine = lock.identity().equals(observed.getHolderIdentity());
    if (observedAt + leaseDuration.toMillis() > now.getTime() && !mine) {
      return false;
    }
    return noted(lock.update(wanted), wanted);
  }

  private boolean noted(boolean success, LeaderElectionRecord record) {
    if (success) {
      observed = record;
      observedAt = time.wallTime().toEpochMilli();
    }
    return success;
  }
}
