// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A streamed reply. Used by one thread. */
public interface EventStream extends AutoCloseable {
  /** The content type of such a reply. */
  String CONTENT_TYPE = "text/event-stream";

  /**
   * Waits for the next events.
   *
   * @param longest after which it returns none
   * @return empty at the end of the stream
   */
  Optional<List<ServerSentEvent>> next(Duration longest) throws InterruptedException;

  /** The client is gone, or the stream has ended. */
  @Override
  void close();
}
