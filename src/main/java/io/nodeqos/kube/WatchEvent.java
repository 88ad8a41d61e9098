// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

/** One event of a watch. */
sealed interface WatchEvent<V> {

  /** ADDED, MODIFIED or DELETED. */
  record Changed<V>(String type, SlimObject<V> object) implements WatchEvent<V> {}

  /** Nothing changed up to this version. */
  record Bookmark<V>(String resourceVersion) implements WatchEvent<V> {}

  /** The server gives up on this watch. */
  record Failed<V>(ApiFailure why) implements WatchEvent<V> {}

  /** Of a type that this program does not know. */
  record Unknown<V>() implements WatchEvent<V> {}
}
