// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;

/**
 * A query for the latest matching transitions.
 *
 * @param node name of the node, empty for all nodes
 * @param since only transitions of this time or later
 * @param before only transitions recorded before this entry, {@link Long#MAX_VALUE} for all: used
 *     to read older pages
 * @param limit the maximum number of transitions, from 1 to {@link #MAX_LIMIT}
 */
public record HistoryQuery(String node, Instant since, long before, int limit) {
  public static final int DEFAULT_LIMIT = 200;
  public static final int MAX_LIMIT = 1_000;
}
