// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import java.time.Instant;
import java.util.Comparator;

/**
 * One thing that keeps a gate from opening.
 *
 * @param text names it for a person, with namespace/name where it has one; holds no age and no
 *     counter, so that it stays the same while nothing changes
 * @param object the one thing alone: namespace/name, an image, a driver, a resource
 * @param since since when it is waited for, as far as the cluster tells: the oldest is named first
 * @param isDeadlock the startup taint keeps away what the gate waits for
 */
public record Blocker(String text, String object, Instant since, boolean isDeadlock) {
  public static final Comparator<Blocker> OLDEST_FIRST =
      Comparator.comparing(Blocker::since).thenComparing(Blocker::text);

  public Blocker(String text, String object, Instant since) {
    this(text, object, since, false);
  }
}
