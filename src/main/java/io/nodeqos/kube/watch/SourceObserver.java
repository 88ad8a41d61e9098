// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.SlimObject;
import java.time.Duration;
import java.util.Map;

/** Hears how a list and watch fare. Called on the thread that lists and watches; must not block. */
interface SourceObserver {
  /**
   * A complete list was read; the informer gets it next.
   *
   * @param items versions by key
   */
  void listed(String version, Map<String, String> items);

  /** The informer has taken the list over and begins to watch. */
  void handedOn();

  /** A watch was opened. */
  void watching();

  /** An event or a bookmark came. */
  void heard();

  /** A watch that worked has ended or was cut, which is daily life; it is resumed at once. */
  void ended(ApiFailure why);

  /** The informer gets this event next. */
  void received(String type, SlimObject<?> object);

  /** A bookmark said that there is nothing else up to this version. */
  void toldNothingUpTo(String version);

  /**
   * Something failed and is tried again.
   *
   * @param resumable true when a watch failed, which may go on from its version
   */
  void failed(ApiFailure why, Duration pause, boolean resumable);

  /**
   * Everything is listed again.
   *
   * @param why a clause for the log
   */
  void listsAgain(String why);

  /** True when a watch may not go on: only a list shows what was missed. */
  boolean needsList();
}
