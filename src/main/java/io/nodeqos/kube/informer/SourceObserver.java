// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.SlimObject;
import java.time.Duration;
import java.util.Map;

/**
 * Receives the progress of a list and watch. Called on the thread that lists and watches; must not
 * block.
 */
interface SourceObserver {
  /**
   * A complete list was read; the informer gets it next.
   *
   * @param items by key
   */
  void listed(String version, Map<String, ? extends SlimObject<?>> items);

  /** The informer has taken the list over and starts to watch. */
  void handedOn();

  /** A watch was opened. */
  void watching();

  /** An event or a bookmark came. */
  void heard();

  /** A watch that worked has ended or was interrupted, which is normal; it is resumed at once. */
  void ended(ApiFailure why);

  /** The informer gets this event next. */
  void received(String type, SlimObject<?> object);

  /** A bookmark: there is no other event up to this version. */
  void toldNothingUpTo(String version);

  /**
   * A list or watch failed and is retried.
   *
   * @param resumable true when a watch failed, which may go on from its version
   */
  void failed(ApiFailure why, Duration pause, boolean resumable);

  /**
   * The resource is relisted.
   *
   * @param why a clause for the log
   */
  void listsAgain(String why);

  /** True when the watch must not go on: only a relist shows the missed events. */
  boolean needsList();
}
