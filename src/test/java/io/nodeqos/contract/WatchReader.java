// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** Reads a watch in the background and hands out its events. */
final class WatchReader implements AutoCloseable {
  private static final long SECONDS = 30;

  private final int code;
  private final InputStream body;
  private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();

  /** A line of the stream, or its end: null text, clean unless the connection broke. */
  private record Line(String text, boolean clean) {}

  /** One event. */
  record Event(String type, JsonObject object) {
    String name() {
      return Answer.at(object, "metadata", "name");
    }

    String version() {
      return Answer.at(object, "metadata", "resourceVersion");
    }
  }

  WatchReader(int code, InputStream body) {
    this.code = code;
    this.body = body;
    Thread reader = new Thread(this::read, "watch-reader");
    reader.setDaemon(true);
    reader.start();
  }

  /** The HTTP status. */
  int code() {
    return code;
  }

  /** The next event. */
  Event next() {
    Line line = take();
    Assertions.assertNotNull(line.text(), "the watch ended where an event was due");
    JsonObject json = JsonParser.parseString(line.text()).getAsJsonObject();
    return new Event(json.get("type").getAsString(), json.getAsJsonObject("object"));
  }

  /** The next event, once it is of this type and about this object. */
  Event expect(String type, String name) {
    Event event = next();
    Assertions.assertEquals(type + " " + name, event.type() + " " + event.name(), "the next event");
    return event;
  }

  /** Waits for the stream's end, which must be a clean one; true when events came before it. */
  boolean awaitEnd() {
    boolean events = false;
    Line line = take();
    while (line.text() != null) {
      events = true;
      line = take();
    }
    Assertions.assertTrue(line.clean(), "the watch was broken off instead of being ended");
    return events;
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // The stream is given up anyway.
    }
  }

  private Line take() {
    try {
      Line line = lines.poll(SECONDS, TimeUnit.SECONDS);
      Assertions.assertNotNull(line, "the watch stayed silent");
      return line;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    boolean clean = false;
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(new Line(line, true));
      }
      clean = true;
    } catch (IOException e) {
      // The last line reports it.
    } finally {
      lines.add(new Line(null, clean));
    }
  }
}
