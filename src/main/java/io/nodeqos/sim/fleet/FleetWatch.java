// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.thread.DaemonThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lists a collection in pages and follows it with a watch on one thread of its own, for as long as
 * it is open. A broken watch resumes from the last version seen; only 410 causes a relist.
 */
public final class FleetWatch implements AutoCloseable {

  private static final long PAUSE_MILLIS = 500;

  /** Called on the watch's thread, one call at a time. */
  public interface Handler {
    /** The whole collection: other objects no longer exist. */
    void listed(List<JsonObject> all);

    /** {@code type} is ADDED, MODIFIED or DELETED. */
    void changed(String type, JsonObject object);
  }

  /** The server answered, but with an error. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    Refused(int code, String message) {
      super(message);
      this.code = code;
    }
  }

  private final FleetClient client;
  private final String path;
  private final Handler handler;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch synced = new CountDownLatch(1);
  private final AtomicReference<InputStream> open = new AtomicReference<>();
  private final Thread thread;

  // Of the watch's thread only; empty when there is no version to resume from.
  private String version = "";

  /** {@code path} is that of the collection and may have a query. */
  public FleetWatch(FleetClient client, String path, Handler handler) {
    this.client = client;
    this.path = path.contains("?") ? path + "&" : path + "?";
    this.handler = handler;
    this.thread = DaemonThreads.named("watch " + path, this::run);
  }

  /** Starts the thread; to be called once. */
  public void start() {
    thread.start();
  }

  /** Waits until the first list was handled; false on a timeout. */
  public boolean awaitSynced(long timeoutMillis) throws InterruptedException {
    return synced.await(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
    closeQuietly(open.getAndSet(null));
    thread.interrupt();
  }

  private void run() {
    while (!isClosed()) {
      try {
        if (version.isEmpty()) {
          list();
          synced.countDown();
        }
        watch();
      } catch (Refused e) {
        if (e.code == 410) {
          version = "";
        }
      } catch (IOException | JsonParseException e) {
        // Resumes from the last version after a pause.
      }
      pause();
    }
  }

  private void list() throws IOException {
    List<JsonObject> all = new ArrayList<>();
    FleetClient.Reply reply;
    String token = "";
    do {
      String page = path + "limit=500" + (token.isEmpty() ? "" : "&continue=" + token);
      reply = client.get(page);
      if (!reply.ok()) {
        throw new Refused(reply.code(), "GET " + page + ": " + reply.message());
      }
      all.addAll(FleetJson.objects(reply.body(), "items"));
      token =
          URLEncoder.encode(
              FleetJson.text(reply.body(), "metadata", "continue"), StandardCharsets.UTF_8);
    } while (!token.isEmpty());
    handler.listed(all);
    version = FleetJson.text(reply.body(), "metadata", "resourceVersion");
  }

  private void watch() throws IOException {
    String query = "watch=true&allowWatchBookmarks=true&timeoutSeconds=600&resourceVersion=";
    try (InputStream stream = client.stream(path + query + version);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      open.set(stream);
      String line;
      while (!isClosed() && (line = lines.readLine()) != null) {
        JsonObject event = JsonParser.parseString(line).getAsJsonObject();
        String type = FleetJson.text(event, "type");
        JsonObject object = event.getAsJsonObject("object");
        if (type.equals("ERROR")) {
          throw new Refused(object.get("code").getAsInt(), FleetJson.text(object, "message"));
        }
        if (!type.equals("BOOKMARK")) {
          handler.changed(type, object);
        }
        version = FleetJson.text(object, "metadata", "resourceVersion");
      }
    } finally {
      open.set(null);
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void pause() {
    try {
      var unused = closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed.countDown();
    }
  }

  private static void closeQuietly(InputStream stream) {
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException ignored) {
        // The stream is dropped in any case.
      }
    }
  }
}
