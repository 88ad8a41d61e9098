// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

/** Receives the findings of the history. Must return at once and not throw. */
public interface HistoryObserver {
  /** An observation was lost because too many came at once; its node is compared again. */
  void lost();

  /** A transition was found, and is or will be recorded. Called on the thread of the history. */
  void found(Transition transition);
}
