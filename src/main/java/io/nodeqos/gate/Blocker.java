// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import java.time.Instant;
import java.util.Comparator;

/**
 * One cause that keeps a gate closed.
 *
 * @param text names it for the operator, with namespace/name where it has one; contains no age and
 *     no counter, so that it stays the same while nothing changes
 * @param object the object alone: namespace/name, an image, a driver, a resource
 * @param since since when the gate waits for it, by evidence in the cluster: the oldest is named
 *     first
 * @param isDeadlock the startup taint keeps the object off the node that the gate waits for
 */
public record Blocker(String text, String object, Instant since, boolean isDeadlock) {
  public static final Comparator<Blocker> OLDEST_FIRST =
      Comparator.comparing(Blocker::since).thenComparing(Blocker::text);

  public Blocker(String text, String object, Instant since) {
    this(text, object, since, false);
  }
}
