// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.time.Duration;
import java.util.Set;

/** Hears how a list and watch fare. Called on the thread that lists and watches; must not block. */
interface SourceObserver {
  /** A complete list was read; the informer gets it next. */
  void listed(Set<String> names);

  /** The informer has taken the list over and begins to watch. */
  void handedOn();

  /** A watch was opened. */
  void watching();

  /** An event or a bookmark came. */
  void heard();

  /** A watch that worked has ended or was cut, which is daily life; it is resumed at once. */
  void ended(ApiFailure why);

  /**
   * Something failed and is tried again.
   *
   * @param resumable true when a watch failed, which may go on from its version
   */
  void failed(ApiFailure why, Duration pause, boolean resumable);

  /** The version watched from is too old: everything is listed again. */
  void expired();
}
