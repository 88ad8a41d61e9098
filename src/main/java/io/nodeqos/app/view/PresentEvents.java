// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.http.EventStream;
import io.nodeqos.http.ServerSentEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A stream that ends with the events that are there, and waits for none. */
final class PresentEvents implements EventStream {
  private final FeedStream stream;

  PresentEvents(FeedStream stream) {
    this.stream = stream;
  }

  @Override
  public Optional<List<ServerSentEvent>> next(Duration longest) throws InterruptedException {
    return stream.next(Duration.ZERO).filter(events -> !events.isEmpty());
  }

  @Override
  public void close() {
    stream.close();
  }
}
