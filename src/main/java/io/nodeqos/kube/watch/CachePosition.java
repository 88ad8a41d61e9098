// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.node.value.ResourceVersions;
import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The position of a cache: up to which version the API server has reported events, and whether our
 * handler has processed all of them. The informer's own {@code hasSynced} is true before its
 * handlers have run, and it hands on events of different objects in another order than they arrive.
 * Thread-safe.
 */
final class CachePosition {
  /** In place of a version: the deletion is waited for, which may come in any version. */
  private static final String DELETION = "";

  /** Events that the informer has received and our handler has not seen: keys and last versions. */
  private final Map<String, String> unhandled = new HashMap<>();

  private String version = "";
  private boolean listed;
  private boolean handedOn;

  /**
   * A complete list was read, which the informer gets next.
   *
   * @param items versions by key
   * @param known keys of the objects that the informer holds
   */
  synchronized void listed(String newVersion, Map<String, String> items, Collection<String> known) {
    version = newVersion;
    listed = true;
    handedOn = false;
    known.stream().filter(key -> !items.containsKey(key)).forEach(k -> unhandled.put(k, DELETION));
    unhandled.putAll(items);
  }

  /** The informer has the list. */
  synchronized void handedOn() {
    handedOn = listed;
    notifyAll();
  }

  /** The informer gets this event next. */
  synchronized void received(String key, String newVersion) {
    version = newVersion;
    unhandled.put(key, newVersion);
  }

  /**
   * The informer gets this deletion next.
   *
   * @param known the informer holds the object; it drops the deletion of one that it does not
   */
  synchronized void toldDeletion(String key, String newVersion, boolean known) {
    version = newVersion;
    if (known || unhandled.containsKey(key)) {
      unhandled.put(key, DELETION);
    }
    notifyAll();
  }

  /** A bookmark: there is nothing else up to this version. */
  synchronized void toldNothingUpTo(String newVersion) {
    version = newVersion;
    notifyAll();
  }

  /** The handler has processed an event of this object. */
  synchronized void handled(String key, String handledVersion) {
    String awaited = unhandled.get(key);
    if (awaited != null
        && !awaited.equals(DELETION)
        && ResourceVersions.isAtLeast(handledVersion, awaited)) {
      unhandled.remove(key);
      notifyAll();
    }
  }

  /** The handler has processed a deletion of this object. */
  synchronized void handledDeletion(String key) {
    if (unhandled.remove(key, DELETION)) {
      notifyAll();
    }
  }

  /** True when a list was handed on and the handler has processed it and all later events. */
  synchronized boolean isHandled() {
    return handedOn && unhandled.isEmpty();
  }

  /** True when our handler has seen all events up to this version. */
  synchronized boolean hasReached(String wanted) {
    return isHandled() && ResourceVersions.isAtLeast(version, wanted);
  }

  /**
   * Waits for a condition that depends on this position.
   *
   * @param condition is asked again at each change; must not take other locks than the cache's
   * @return false when the time is up first
   */
  synchronized boolean await(BooleanSupplier condition, Duration limit)
      throws InterruptedException {
    Deadline deadline = Deadline.after(limit);
    while (!condition.getAsBoolean()) {
      long left = deadline.leftMillis();
      if (left == 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
