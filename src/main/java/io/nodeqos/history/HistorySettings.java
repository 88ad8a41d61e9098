// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Duration;

/**
 * The settings {@code history.*}.
 *
 * @param directory where its file is; empty keeps it in memory alone
 * @param maxAge what is older is forgotten
 * @param maxBytes the most that its file may take
 */
public record HistorySettings(boolean enabled, String directory, Duration maxAge, long maxBytes) {
  public static final HistorySettings DEFAULTS =
      new HistorySettings(true, "", Duration.ofDays(7), 64L << 20);

  /** True when it is kept in memory because nobody named a directory. */
  public boolean inMemory() {
    return directory.isEmpty();
  }
}
