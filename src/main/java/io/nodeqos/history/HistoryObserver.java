// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

/** Hears of what the history finds. Must return at once and not throw. */
public interface HistoryObserver {
  /** An observation was lost, as too many came at once; its node is looked at again. */
  void lost();

  /** Found, and kept or about to be. On the thread of the history. */
  void found(Transition transition);
}
