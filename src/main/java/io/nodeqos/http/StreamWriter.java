// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Writes a stream until it ends or the client is gone. A client that does not read blocks only its
 * own thread, and is disconnected when one step takes too long.
 */
final class StreamWriter {
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** For one wait and one write. */
  private static final Duration STEP_LIMIT = HEARTBEAT.plusSeconds(15);

  /** The pause of a browser's EventSource before it reconnects. */
  private static final String RETRY = "retry: 3000\n\n";

  private final ExchangeThreads threads;
  private final Duration heartbeat;

  StreamWriter(ExchangeThreads threads, Duration heartbeat) {
    this.threads = threads;
    this.heartbeat = heartbeat;
  }

  void write(EventStream stream, OutputStream out) throws IOException {
    try {
      threads.renew(STEP_LIMIT);
      send(RETRY, out);
      for (Optional<List<ServerSentEvent>> next = stream.next(heartbeat);
          next.isPresent();
          next = stream.next(heartbeat)) {
        StringBuilder text = new StringBuilder();
        next.get().forEach(event -> text.append(event.text()));
        send(text.length() == 0 ? ServerSentEvent.HEARTBEAT : text.toString(), out);
        threads.renew(STEP_LIMIT);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
