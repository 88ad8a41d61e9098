// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;

/**
 * Which transitions are wanted: the latest that fit.
 *
 * @param node its name, empty for all nodes
 * @param since only what happened then or later
 * @param before only what was kept before this entry, {@link Long#MAX_VALUE} for all: the way to
 *     older pages
 * @param limit at most so many, from 1 to {@link #MAX_LIMIT}
 */
public record HistoryQuery(String node, Instant since, long before, int limit) {
  public static final int DEFAULT_LIMIT = 200;
  public static final int MAX_LIMIT = 1_000;
}
