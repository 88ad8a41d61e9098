// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Duration;

/**
 * The settings {@code history.*}.
 *
 * @param directory directory of its file; empty keeps it only in memory
 * @param maxAge older transitions are dropped
 * @param maxBytes maximum size of its file
 */
public record HistorySettings(boolean enabled, String directory, Duration maxAge, long maxBytes) {
  public static final HistorySettings DEFAULTS =
      new HistorySettings(true, "", Duration.ofDays(7), 64L << 20);

  /** True when it is kept in memory because no directory is set. */
  public boolean inMemory() {
    return directory.isEmpty();
  }
}
