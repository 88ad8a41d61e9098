// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes DaemonSets and remembers the last write for each policy, which the cache may not hold yet.
 */
public final class SpinnerWrites {
  /** The hash after a deletion. */
  static final String NO_HASH = "";

  private final DaemonSetWriter writer;
  private final TimeSource time;
  private final Map<String, Map<String, Written>> written = new ConcurrentHashMap<>();

  private record Written(String hash, long nanos) {}

  public SpinnerWrites(DaemonSetWriter writer, TimeSource time) {
    this.writer = writer;
    this.time = time;
  }

  WriteResult apply(String policy, SpinnerSpec wanted, Optional<SpinnerDaemonSet> present) {
    WriteResult result =
        present
            .map(p -> writer.patch(wanted.name(), wanted.toPatch(p.uid())))
            .orElseGet(() -> writer.create(wanted.toCreate()));
    if (result instanceof WriteResult.Ok) {
      remember(policy, wanted.name(), wanted.hash());
    }
    return result;
  }

  WriteResult delete(String policy, SpinnerDaemonSet daemonSet) {
    WriteResult result = writer.delete(daemonSet.name(), daemonSet.uid());
    if (result instanceof WriteResult.Ok || result instanceof WriteResult.NotFound) {
      remember(policy, daemonSet.name(), NO_HASH);
    }
    return result;
  }

  /** The rest of a time since exactly this was written; zero when it is over. */
  Duration left(String policy, String daemonSet, String hash, Duration of) {
    Written last = written.getOrDefault(policy, Map.of()).get(daemonSet);
    return last == null || !last.hash().equals(hash) ? Duration.ZERO : time.left(last.nanos(), of);
  }

  void forget(String policy) {
    written.remove(policy);
  }

  private void remember(String policy, String daemonSet, String hash) {
    written
        .computeIfAbsent(policy, name -> new ConcurrentHashMap<>())
        .put(daemonSet, new Written(hash, time.nanos()));
  }
}
