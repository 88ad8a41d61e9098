// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

/**
 * One event of a stream, in the format of the WHATWG HTML standard, section "Server-sent events".
 *
 * @param id the value that a client returns as Last-Event-ID; empty leaves its last one unchanged
 * @param event its type
 * @param data one line
 */
public record ServerSentEvent(String id, String event, String data) {
  /** A comment: clients ignore it, and the write detects a client that is gone. */
  static final String HEARTBEAT = ": still here\n\n";

  public ServerSentEvent {
    requireOneLine(id);
    requireOneLine(event);
    requireOneLine(data);
  }

  private static void requireOneLine(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a field of an event is one line");
    }
  }

  String text() {
    return (id.isEmpty() ? "" : "id: " + id + "\n")
        + ("event: " + event + "\n")
        + ("data: " + data + "\n\n");
  }
}
