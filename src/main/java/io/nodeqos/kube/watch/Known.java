// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.codec.SlimObject;
import java.util.Optional;

/**
 * The objects that a cache holds, for the watch that fills it: an event that changes nothing in one
 * need not be decoded, nor pass through the informer. Used by the thread of the watch.
 */
public interface Known<V> {
  /** The object, when all its events so far have been handled. */
  Optional<SlimObject<V>> find(String key);

  /**
   * Replaces an object that was found by a version of it, before the next event is read.
   *
   * @param now differs in nothing on which anything depends
   */
  void seen(String key, SlimObject<V> now);
}
