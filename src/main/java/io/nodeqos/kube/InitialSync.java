// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.util.HashSet;
import java.util.Set;

/**
 * Knows when every object of the first complete list has reached our handler: the informer's own
 * {@code hasSynced} is true before its handlers have run. Thread-safe.
 */
final class InitialSync {
  private final Set<String> missing = new HashSet<>();
  private boolean listed;
  private boolean handedOn;

  /** A complete list was read. Only the first counts: later ones find a filled cache. */
  synchronized void listed(Set<String> names) {
    if (!listed) {
      listed = true;
      missing.addAll(names);
    }
  }

  /** The informer has the list. */
  synchronized void handedOn() {
    handedOn = true;
  }

  /** The handler is done with an event of this object. */
  synchronized void handled(String name) {
    if (!missing.isEmpty()) {
      missing.remove(name);
    }
  }

  synchronized boolean done() {
    return listed && handedOn && missing.isEmpty();
  }
}
