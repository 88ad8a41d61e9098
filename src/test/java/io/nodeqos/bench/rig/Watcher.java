// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.realapi.ControlPlane;
import java.io.EOFException;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** An outside watch on all Nodes, as a scheduler has one: what it sees, and when. Thread-safe. */
public final class Watcher implements AutoCloseable {
  private final Map<String, Sight> sights = new ConcurrentHashMap<>();
  private final Thread thread;
  private final HttpClient http;
  private final URI server;
  private final String token;
  private volatile InputStream body = InputStream.nullInputStream();

  /** Of the last event; used by the thread only. */
  private String version = "";

  private volatile Optional<String> problem = Optional.empty();
  private volatile boolean restarts;
  private volatile boolean closed;

  private Watcher(HttpClient http, URI server, String token) {
    this.http = http;
    this.server = server;
    this.token = token;
    this.thread = new Thread(this::read, "watcher");
  }

  /**
   * What is known of one node; times are of {@code System.nanoTime}, 0 for never.
   *
   * @param ready when it was first seen Ready
   * @param warm when it was first seen with the mark and without the taint
   * @param waits whether its condition says now that it waits
   * @param isWarm whether it is warm now
   * @param flaps how often it lost the mark or got the taint back
   */
  public record Sight(long ready, long warm, boolean waits, boolean isWarm, int flaps) {
    private static final Sight NEW = new Sight(0, 0, false, false, 0);

    private Sight seen(NodeLook look, long now) {
      boolean nowWarm = look.marked() && !look.tainted();
      return new Sight(
          ready == 0 && look.ready() ? now : ready,
          warm == 0 && nowWarm ? now : warm,
          look.waits(),
          nowWarm,
          isWarm && !nowWarm ? flaps + 1 : flaps);
    }
  }

  /** Begins with what is there. */
  static Watcher start(ControlPlane plane) {
    Watcher watcher =
        new Watcher(
            HttpClient.newBuilder().sslContext(plane.tls()).build(), plane.server(), plane.token());
    watcher.thread.setDaemon(true);
    watcher.thread.start();
    return watcher;
  }

  private void read() {
    while (!closed) {
      try (InputStream events = open()) {
        body = events;
        JsonReader in = new JsonReader(new InputStreamReader(events, StandardCharsets.UTF_8));
        in.setStrictness(Strictness.LENIENT);
        while (in.peek() != JsonToken.END_DOCUMENT) {
          in.beginObject();
          // Before it is parsed, which takes a while for 20 KB.
          event(in, System.nanoTime());
          in.endObject();
        }
      } catch (EOFException e) {
        // Ended before its first event, or within one: it goes on after the last whole one.
        pause();
      } catch (IOException | RuntimeException e) {
        if (!restarts) {
          fail(e.toString());
          return;
        }
        // What happened meanwhile comes again with all that is there.
        version = "";
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** A server ends the watch of one that does not keep up; it goes on where it was. */
  private InputStream open() throws IOException, InterruptedException {
    String path = "/api/v1/nodes?watch=true&timeoutSeconds=86400";
    HttpRequest request =
        HttpRequest.newBuilder(
                server.resolve(version.isEmpty() ? path : path + "&resourceVersion=" + version))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException("HTTP " + response.statusCode());
    }
    return response.body();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
        version = look.version();
        if (type.equals("DELETED")) {
          sights.remove(look.name());
        } else {
          sights.merge(look.name(), Sight.NEW.seen(look, now), (old, first) -> old.seen(look, now));
        }
      }
    }
  }

  /** From now on the server may be restarted, after which it begins with what is there. */
  public void allowRestarts() {
    restarts = true;
  }

  /** Fails when the watch has broken, as then nothing can be said. */
  public Sight sight(String node) {
    problem.ifPresent(
        why -> {
          throw new IllegalStateException(why);
        });
    return sights.getOrDefault(node, Sight.NEW);
  }

  /** Those of a group, by their names. */
  public List<Sight> group(Fleet fleet) {
    return IntStream.range(0, fleet.size()).mapToObj(number -> sight(fleet.name(number))).toList();
  }

  public long warm(Fleet fleet) {
    return group(fleet).stream().filter(Sight::isWarm).count();
  }

  /** How often nodes of a group lost the mark or got the taint back. */
  public long flaps(Fleet fleet) {
    return group(fleet).stream().mapToLong(Sight::flaps).sum();
  }

  @Override
  public void close() {
    closed = true;
    try {
      body.close();
    } catch (IOException e) {
      // It is over anyway.
    }
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
