// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends the watches of Nodes with "410 Gone", and answers the lists that follow as a broken server
 * or proxy might. Thread-safe.
 */
public final class TamperedNodes implements Gateway.Nodes {
  private static final String GONE =
      "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
          + "\"message\":\"too old resource version\",\"reason\":\"Expired\",\"code\":410}}\n";

  private final List<Watch> watches = new ArrayList<>();
  private Lists lists = Lists.COMPLETE;
  private int served;

  /** What a list has. */
  public enum Lists {
    COMPLETE("complete list"),
    EMPTY("empty list"),
    PARTIAL("partial list");

    private final String text;

    Lists(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  private static final class Watch {
    private final OutputStream out;
    private final InputStream in;

    Watch(OutputStream out, InputStream in) {
      this.out = out;
      this.in = in;
    }

    synchronized void send(byte[] bytes, int length) throws IOException {
      out.write(bytes, 0, length);
      out.flush();
    }

    void expire() {
      try {
        byte[] gone = GONE.getBytes(StandardCharsets.UTF_8);
        send(gone, gone.length);
        in.close();
      } catch (IOException e) {
        // It has ended already.
      }
    }
  }

  /**
   * Ends all watches; from now on lists are like this.
   *
   * @return how many lists were answered before
   */
  public synchronized int expire(Lists kind) {
    lists = kind;
    watches.forEach(Watch::expire);
    watches.clear();
    return served;
  }

  /** How many complete lists were asked for and answered, in whatever way. */
  public synchronized int served() {
    return served;
  }

  @Override
  public void answer(HttpExchange exchange, Gateway gateway) throws IOException {
    if (String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true")) {
      watch(exchange, gateway);
    } else {
      list(exchange, gateway);
    }
  }

  private void watch(HttpExchange exchange, Gateway gateway) throws IOException {
    HttpResponse<InputStream> response = gateway.ask(exchange, "application/json");
    try (InputStream in = response.body()) {
      Watch watch = new Watch(Gateway.begin(exchange, response), in);
      synchronized (this) {
        watches.add(watch);
      }
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        watch.send(buffer, n);
      }
    }
  }

  private void list(HttpExchange exchange, Gateway gateway) throws IOException {
    HttpResponse<InputStream> response = gateway.ask(exchange, "application/json");
    JsonObject list;
    try (InputStream in = response.body()) {
      list =
          JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .getAsJsonObject();
    }
    boolean last = tamper(list);
    try (OutputStream out = Gateway.begin(exchange, response)) {
      out.write(list.toString().getBytes(StandardCharsets.UTF_8));
    }
    if (last) {
      synchronized (this) {
        served++;
      }
    }
  }

  /** Returns whether no page follows. */
  private synchronized boolean tamper(JsonObject list) {
    JsonArray items = list.getAsJsonArray("items");
    if (lists != Lists.COMPLETE) {
      int keep = lists == Lists.EMPTY ? 0 : items.size() / 2;
      while (items.size() > keep) {
        items.remove(items.size() - 1);
      }
      list.getAsJsonObject("metadata").remove("continue");
      list.getAsJsonObject("metadata").remove("remainingItemCount");
    }
    return !list.getAsJsonObject("metadata").has("continue");
  }
}
