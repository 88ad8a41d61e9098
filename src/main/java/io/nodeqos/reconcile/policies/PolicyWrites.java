// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonObject;
import io.nodeqos.node.value.ResourceVersions;
import io.nodeqos.policy.PolicyObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last write to each policy by this process: the cache may not hold it yet, and another writer
 * may have changed it since. Thread-safe.
 */
public final class PolicyWrites {
  static final Duration MAX_PAUSE = Duration.ofMinutes(5);

  /** Longer than the longest pause; otherwise the pause itself would reset the count. */
  private static final Duration RESET_AFTER = Duration.ofMinutes(10);

  private static final int MAX_DOUBLINGS = 10;

  private final Map<String, Written> byName = new ConcurrentHashMap<>();

  /**
   * A policy as it was after our last write.
   *
   * @param at when its status was written
   * @param epoch the term of the write
   * @param repairs how many times in a row another writer changed the status and it was written
   *     again
   */
  record Written(PolicyObject policy, Instant at, long epoch, int repairs) {
    /** The newest known version of the policy. */
    PolicyObject orNewer(PolicyObject cached) {
      String version = policy.meta().resourceVersion();
      return ResourceVersions.isAtLeast(cached.meta().resourceVersion(), version)
          ? cached
          : cached
              .withStatus(version, policy.status())
              .withFinalizers(version, policy.meta().finalizers());
    }

    /**
     * How long an identical status has to wait before it is written again: another writer changes
     * it. The first time there is no wait, then the wait doubles.
     */
    Duration pause(JsonObject status, Duration interval, Instant now) {
      if (repairs == 0 || !isRepair(status) || isCalm(now)) {
        return Duration.ZERO;
      }
      Duration doubled = interval.multipliedBy(1L << Math.min(repairs, MAX_DOUBLINGS));
      Duration pause = doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
      Duration left = Duration.between(now, at.plus(pause));
      return left.isNegative() ? Duration.ZERO : left;
    }

    private boolean isRepair(JsonObject status) {
      return new StatusPatch(status).isIn(policy.status());
    }

    private boolean isCalm(Instant now) {
      return !now.isBefore(at.plus(RESET_AFTER));
    }
  }

  /** Empty for a policy that was created again under its name. */
  Optional<Written> last(PolicyObject policy) {
    return Optional.ofNullable(byName.get(policy.name()))
        .filter(w -> w.policy().meta().uid().equals(policy.meta().uid()));
  }

  /** The newest known version of a policy: the cache may not hold our last write yet. */
  public PolicyObject newest(PolicyObject cached) {
    return last(cached).map(w -> w.orNewer(cached)).orElse(cached);
  }

  /** True for the version of a policy that our last write created: it is no outside change. */
  public boolean isOurs(PolicyObject policy) {
    return last(policy)
        .filter(w -> w.policy().meta().resourceVersion().equals(policy.meta().resourceVersion()))
        .isPresent();
  }

  /** A status was written. Returns how many times in a row it was repaired. */
  public int statusWritten(PolicyObject after, Instant now, long epoch) {
    Optional<Written> before = last(after).filter(w -> w.epoch() == epoch);
    int repairs =
        before
            .filter(w -> w.isRepair(after.status()))
            .map(w -> w.isCalm(now) ? 1 : w.repairs() + 1)
            .orElse(0);
    byName.put(after.name(), new Written(after, now, epoch, repairs));
    return repairs;
  }

  /** A part of the status was written: that neither hurries nor delays the rest of it. */
  public void partWritten(PolicyObject after, long epoch) {
    finalizersWritten(after, epoch);
  }

  /** The finalizers were written: that neither hurries nor delays the status. */
  void finalizersWritten(PolicyObject after, long epoch) {
    Optional<Written> before = last(after);
    byName.put(
        after.name(),
        new Written(
            after,
            before.map(Written::at).orElse(Instant.EPOCH),
            epoch,
            before.map(Written::repairs).orElse(0)));
  }

  void forget(String name) {
    byName.remove(name);
  }
}
