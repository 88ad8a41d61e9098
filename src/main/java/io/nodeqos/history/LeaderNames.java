// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.util.LinkedHashMap;
import java.util.Map;

/** The leaders of the latest terms. Used by one thread. */
final class LeaderNames {
  private static final int MAX_NAMES = 64;

  private final Map<Long, String> byEpoch =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
          return size() > MAX_NAMES;
        }
      };

  void seen(HistorySources.Term term) {
    if (!term.holder().isEmpty()) {
      byEpoch.putIfAbsent(term.epoch(), term.holder());
    }
  }

  /** Empty when it is not known. */
  String of(long epoch) {
    return byEpoch.getOrDefault(epoch, "");
  }
}
