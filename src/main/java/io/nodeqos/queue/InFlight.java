// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.util.HashMap;
import java.util.Map;

/**
 * The keys that workers hold, with later requests for them. Not thread-safe: the queue's lock
 * guards it.
 */
final class InFlight {
  private final Map<String, Work> work = new HashMap<>();

  void start(Pending request, long nowNanos) {
    work.put(request.key(), new Work(request, nowNanos));
  }

  /** Ends the work on a key; null if no worker holds it. */
  Work end(String key) {
    return work.remove(key);
  }

  /** The work on a key that a worker holds, or null. */
  Work find(String key) {
    return work.get(key);
  }

  boolean isEmpty() {
    return work.isEmpty();
  }

  int size() {
    return work.size();
  }

  long unfinishedNanos(long nowNanos) {
    return work.values().stream().mapToLong(one -> nowNanos - one.startNanos).sum();
  }

  long longestNanos(long nowNanos) {
    return work.values().stream().mapToLong(one -> nowNanos - one.startNanos).max().orElse(0);
  }

  /** One key in the hands of a worker. */
  static final class Work {
    private final Pending request;
    private final long startNanos;
    private Pending again;

    Work(Pending request, long startNanos) {
      this.request = request;
      this.startNanos = startNanos;
    }

    Pending request() {
      return request;
    }

    long startNanos() {
      return startNanos;
    }

    /** The request since it was handed out, or null. */
    Pending again() {
      return again;
    }

    /** Remembers a request; true if it is the first since the key was handed out. */
    boolean offer(Pending later) {
      boolean first = again == null;
      again = first ? later : again.join(later);
      return first;
    }

    void forgetRequests() {
      again = null;
    }
  }
}
