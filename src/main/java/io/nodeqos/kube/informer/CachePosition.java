// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

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
  /** In place of an object: its deletion is waited for, for which the informer makes an own one. */
  private static final Object DELETION = "";

  /**
   * Keys of objects of which the informer has received events that our handler has not seen, each
   * with the object of the last one. The informer hands on the events of one object in order, and
   * drops none but the earlier of two with the same version.
   */
  private final Map<String, Object> unhandled = new HashMap<>();

  private String version = "";
  private boolean listed;
  private boolean handedOn;

  /**
   * A complete list was read, which the informer gets next.
   *
   * @param items objects by key
   * @param known keys of the objects that the informer holds
   */
  synchronized void listed(String newVersion, Map<String, ?> items, Collection<String> known) {
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

  /** The informer gets an event with this object next. */
  synchronized void received(String key, Object object, String newVersion) {
    version = newVersion;
    unhandled.put(key, object);
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

  /** The handler has processed an event with this object. */
  synchronized void handled(String key, Object object) {
    if (unhandled.remove(key, object)) {
      notifyAll();
    }
  }

  /** True when our handler has not seen all events of this object. */
  synchronized boolean isUnderWay(String key) {
    return unhandled.containsKey(key);
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
