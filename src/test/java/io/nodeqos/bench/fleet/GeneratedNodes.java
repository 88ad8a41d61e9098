// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any number of nodes like one real node, made as they are sent: in the pages of lists, and in
 * watches as the heartbeats of their kubelets. No server has to keep them. Thread-safe.
 */
public final class GeneratedNodes implements Gateway.Nodes {
  public static final String PREFIX = "mass-";

  // Stand for what differs from node to node: no JSON text has these characters.
  private static final char NAME = 1;
  private static final char UID = 2;
  private static final char VERSION = 3;

  private static final int FIRST_VERSION = 1_000_000_000;
  private static final double HEARTBEAT_SECONDS = 300;

  /** The replica asks for a name that no node has when it needs the version alone. */
  private static final String BY_NAME = "fieldSelector=metadata.name=";

  private static final Pattern LIMIT = Pattern.compile("\\blimit=(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("\\bcontinue=(\\d+)");
  private static final Pattern PIECES = Pattern.compile("[\\x01-\\x03]|[^\\x01-\\x03]+");

  private final List<String> pieces;
  private final int size;

  private GeneratedNodes(List<String> pieces, int size) {
    this.pieces = pieces;
    this.size = size;
  }

  /**
   * Copies of a node.
   *
   * @param json what the server says of it, without white space
   * @param name of it
   * @param uid of it
   */
  public static GeneratedNodes like(String json, String name, String uid, int size) {
    String version = "\"resourceVersion\":\"";
    String template =
        json.replace(version + Fleet.version(json) + "\"", version + VERSION + "\"")
            .replace(name, String.valueOf(NAME))
            .replace(uid, String.valueOf(UID));
    return new GeneratedNodes(
        PIECES.matcher(template).results().map(piece -> piece.group()).toList(), size);
  }

  private String node(int number, long version) {
    StringBuilder json = new StringBuilder(24_000);
    for (String piece : pieces) {
      switch (piece.charAt(0)) {
        case NAME -> json.append(PREFIX).append(1_000_000 + number);
        case UID -> json.append("00000000-0000-4000-8000-").append(100_000_000_000L + number);
        case VERSION -> json.append(version);
        default -> json.append(piece);
      }
    }
    return json.toString();
  }

  @Override
  public void answer(HttpExchange exchange, Gateway gateway) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
      if (query.contains("watch=true")) {
        watch(out);
      } else {
        int most = query.contains(BY_NAME) ? 0 : size;
        list(out, number(LIMIT, query, most), number(CONTINUE, query, 0), most);
      }
    }
  }

  private void list(OutputStream out, int limit, int from, int most) throws IOException {
    int to = Math.min(most, from + limit);
    write(
        out,
        "{\"kind\":\"NodeList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\""
            + (FIRST_VERSION + size)
            + "\"");
    if (to < most) {
      write(out, ",\"continue\":\"" + to + "\"");
    }
    write(out, "},\"items\":[");
    for (int number = from; number < to; number++) {
      write(out, (number == from ? "" : ",") + node(number, FIRST_VERSION + number));
    }
    write(out, "]}");
  }

  /** Until the other side has enough, which is an IOException. */
  private void watch(OutputStream out) throws IOException {
    long period = (long) (TimeUnit.SECONDS.toNanos(1) * HEARTBEAT_SECONDS / size);
    long next = System.nanoTime();
    for (long beat = 0; !Thread.currentThread().isInterrupted(); beat++) {
      write(
          out,
          "{\"type\":\"MODIFIED\",\"object\":"
              + node((int) (beat % size), FIRST_VERSION + size + beat + 1)
              + "}\n");
      out.flush();
      next += period;
      try {
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int number(Pattern pattern, String query, int otherwise) {
    Matcher found = pattern.matcher(query);
    return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
  }
}
