// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Decodes the events of one open watch. Used by one thread. */
public interface WatchStream<V> extends Closeable {
  /**
   * Waits for the next event.
   *
   * @return empty when the server has ended the watch in good order
   * @throws IOException when the connection broke, between events or within one, or no byte came
   *     for long
   */
  Optional<WatchEvent<V>> next() throws IOException;

  @Override
  void close();
}
