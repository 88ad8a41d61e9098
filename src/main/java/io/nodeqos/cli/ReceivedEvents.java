// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.function.Consumer;

/** Reads Server-Sent Events line by line. */
final class ReceivedEvents implements Consumer<String> {
  private final Listener listener;
  private String id = "";
  private String type = "";
  private final StringBuilder data = new StringBuilder();
  private String lastId = "";

  /** Receives each event. */
  interface Listener {
    /**
     * @param type {@code gap} or {@code dropped} for events that are missing
     */
    void event(String type, JsonObject data);
  }

  ReceivedEvents(Listener listener) {
    this.listener = listener;
  }

  /** The id of the last event; empty before the first. */
  String lastId() {
    return lastId;
  }

  @Override
  public void accept(String line) {
    if (line.isEmpty()) {
      end();
    } else if (line.startsWith("id:")) {
      id = line.substring(3).strip();
    } else if (line.startsWith("event:")) {
      type = line.substring(6).strip();
    } else if (line.startsWith("data:")) {
      data.append(line.substring(5).strip());
    }
  }

  private void end() {
    if (data.length() > 0) {
      listener.event(type, JsonParser.parseString(data.toString()).getAsJsonObject());
      lastId = id.isEmpty() ? lastId : id;
    }
    id = "";
    type = "";
    data.setLength(0);
  }
}
