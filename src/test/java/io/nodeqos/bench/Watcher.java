// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** An outside watch on all Nodes, as a scheduler has one: what it sees, and when. Thread-safe. */
final class Watcher implements AutoCloseable {
  private final Map<String, Sight> sights = new ConcurrentHashMap<>();
  private final Thread thread;
  private final HttpResponse<InputStream> response;
  private volatile Optional<String> problem = Optional.empty();
  private volatile boolean closed;

  private Watcher(HttpResponse<InputStream> response) {
    this.response = response;
    this.thread = new Thread(this::read, "watcher");
  }

  /**
   * What is known of one node; times are of {@code System.nanoTime}, 0 for never.
   *
   * @param ready when it was first seen Ready
   * @param warm when it was first seen with the mark and without the taint
   * @param isWarm whether it is so now
   * @param flaps how often it lost the mark or got the taint back
   */
  record Sight(long ready, long warm, boolean isWarm, int flaps) {
    private static final Sight NEW = new Sight(0, 0, false, 0);

    private Sight seen(NodeLook look, long now) {
      boolean nowWarm = look.marked() && !look.tainted();
      return new Sight(
          ready == 0 && look.ready() ? now : ready,
          warm == 0 && nowWarm ? now : warm,
          nowWarm,
          isWarm && !nowWarm ? flaps + 1 : flaps);
    }
  }

  /** Begins with what is there. */
  static Watcher start(ControlPlane plane) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(plane.server() + "/api/v1/nodes?watch=true&timeoutSeconds=86400"))
            .header("Authorization", "Bearer " + plane.token())
            .header("Accept", "application/json")
            .build();
    try {
      HttpResponse<InputStream> response =
          HttpClient.newBuilder()
              .sslContext(plane.tls())
              .build()
              .send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("the watch on Nodes: HTTP " + response.statusCode());
      }
      Watcher watcher = new Watcher(response);
      watcher.thread.setDaemon(true);
      watcher.thread.start();
      return watcher;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (JsonReader in =
        new JsonReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      in.setStrictness(Strictness.LENIENT);
      while (in.peek() != JsonToken.END_DOCUMENT) {
        in.beginObject();
        // Before it is parsed, which takes a while for 20 KB.
        event(in, System.nanoTime());
        in.endObject();
      }
      fail("the server ended it");
    } catch (IOException | RuntimeException e) {
      fail(e.toString());
    }
  }

  private void fail(String why) {
    if (!closed) {
      problem = Optional.of("the outside watch broke: " + why);
    }
  }

  private void event(JsonReader in, long now) throws IOException {
    String type = "";
    while (in.hasNext()) {
      if (in.nextName().equals("type")) {
        type = in.nextString();
        if (type.equals("ERROR")) {
          throw new IOException("an ERROR event");
        }
      } else {
        NodeLook look = NodeLook.read(in);
        if (type.equals("DELETED")) {
          sights.remove(look.name());
        } else {
          sights.merge(
              look.name(), Sight.NEW.seen(look, now), (old, first) -> old.seen(look, now));
        }
      }
    }
  }

  /** Fails when the watch has broken, as then nothing can be said. */
  Sight sight(String node) {
    problem.ifPresent(
        why -> {
          throw new IllegalStateException(why);
        });
    return sights.getOrDefault(node, Sight.NEW);
  }

  /** Those of a group, by their names. */
  List<Sight> group(Fleet fleet) {
    return IntStream.range(0, fleet.size())
        .mapToObj(number -> sight(fleet.name(number)))
        .toList();
  }

  long warm(Fleet fleet) {
    return group(fleet).stream().filter(Sight::isWarm).count();
  }

  /** How often nodes of a group lost the mark or got the taint back. */
  long flaps(Fleet fleet) {
    return group(fleet).stream().mapToLong(Sight::flaps).sum();
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    try {
      response.body().close();
    } catch (IOException e) {
      // It is over anyway.
    }
    thread.join(5_000);
  }
}
