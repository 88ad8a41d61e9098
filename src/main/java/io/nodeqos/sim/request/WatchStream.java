// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.request;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.store.ObjectStore;
import io.nodeqos.sim.store.Selector;
import io.nodeqos.sim.store.StoredEvent;
import io.nodeqos.sim.store.WatchQueue;
import io.nodeqos.time.TimeSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** One watch: its initial state, then every later event that matches its selector. */
public final class WatchStream {
  private static final int BUFFER = 1 << 16;
  private static final Duration LAST_BOOKMARK = Duration.ofSeconds(2);

  private final ObjectStore store;
  private final Options options;
  private final TimeSource time;
  private int sent;

  /**
   * The options of the watch.
   *
   * @param cutAfter ends the stream within the line after so many events; -1 for never
   */
  public record Options(
      ResourceType type,
      Selector selector,
      Representation representation,
      Start start,
      Timing timing,
      int cutAfter) {}

  /**
   * The start of the watch.
   *
   * @param after the version to resume from, -1 to start with the current objects
   * @param markInitialEnd whether a bookmark marks the end of the current objects
   */
  public record Start(long after, boolean markInitialEnd) {}

  /** When the watch ends and how often it sends a bookmark; empty for never. */
  public record Timing(Duration timeout, Optional<Duration> bookmarks) {}

  public WatchStream(ObjectStore store, Options options) {
    this.store = store;
    this.options = options;
    this.time = options.representation().time();
  }

  /**
   * Streams until the timeout, or until the client is gone or too slow.
   *
   * @throws IOException when the stream was aborted and the connection must not be used again
   */
  public void run(OutputStream body) throws IOException {
    OutputStream out = new BufferedOutputStream(body, BUFFER);
    String storage = options.type().storage();
    Optional<ObjectStore.Subscription> subscription =
        options.start().after() < 0
            ? Optional.of(store.watchFromNow(storage))
            : store.watchAfter(storage, options.start().after());
    if (subscription.isEmpty()) {
      String message =
          "too old resource version: " + options.start().after() + " (" + store.version() + ")";
      line(out, "ERROR", Json.encode(ApiStatus.expired(message).toJson()));
      out.flush();
      return;
    }
    WatchQueue queue = subscription.get().queue();
    try {
      for (StoredEvent event : subscription.get().backlog()) {
        emit(out, event);
      }
      if (options.start().markInitialEnd()) {
        bookmark(out, subscription.get().version(), true);
      }
      out.flush();
      follow(out, queue);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("the watch was cut");
    } finally {
      store.unsubscribe(storage, queue);
      queue.end();
    }
  }

  private void follow(OutputStream out, WatchQueue queue) throws IOException, InterruptedException {
    long start = time.nanos();
    long end = start + options.timing().timeout().toNanos();
    long nextBookmark = nextBookmark(start, end);
    while (true) {
      Optional<StoredEvent> event =
          queue.poll(Duration.ofNanos(Math.min(end, nextBookmark) - time.nanos()));
      long now = time.nanos();
      if (event.isPresent()) {
        emit(out, event.get());
        if (queue.isEmpty()) {
          out.flush();
        }
      } else if (now - end >= 0) {
        out.flush();
        return;
      } else if (now - nextBookmark >= 0) {
        long version = store.settledVersion(queue);
        if (version >= 0) {
          bookmark(out, version, false);
          out.flush();
          nextBookmark = nextBookmark(now, end);
        }
      }
    }
  }

  /** At the interval, but also shortly before the end, so that the client can resume from there. */
  private long nextBookmark(long now, long end) {
    if (options.timing().bookmarks().isEmpty()) {
      return end;
    }
    long regular = now + options.timing().bookmarks().get().toNanos();
    long last = end - LAST_BOOKMARK.toNanos();
    return last - now > 0 ? Math.min(regular, last) : Math.min(regular, end);
  }

  /** Translates a change of the object into an event of the selector's view. */
  private void emit(OutputStream out, StoredEvent event) throws IOException {
    if (event.version() <= options.start().after()) {
      return;
    }
    boolean deleted = event.type() == StoredEvent.Type.DELETED;
    boolean now = !deleted && options.selector().matches(event.object());
    boolean before = event.before() != null && options.selector().matches(event.before());
    if (!now && !before) {
      return;
    }
    if (options.cutAfter() >= 0 && sent >= options.cutAfter()) {
      cut(out);
    }
    sent++;
    if (now) {
      line(out, before ? "MODIFIED" : "ADDED", form(event.object().json()));
    } else if (deleted) {
      line(out, "DELETED", form(event.object().json()));
    } else {
      line(out, "DELETED", form(lastSeen(event)));
    }
  }

  /** The last state in the selector's view, with the version at which the object left it. */
  private static byte[] lastSeen(StoredEvent event) {
    JsonObject object = event.before().parse();
    Json.object(object, "metadata").addProperty("resourceVersion", Long.toString(event.version()));
    return Json.encode(object);
  }

  private byte[] form(byte[] stored) {
    return options.representation().object(options.type(), stored);
  }

  private void bookmark(OutputStream out, long version, boolean initialEnd) throws IOException {
    ResourceType type = options.type();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("resourceVersion", Long.toString(version));
    if (!type.is(ResourceType.Trait.CUSTOM)) {
      metadata.add("creationTimestamp", JsonNull.INSTANCE);
    }
    if (initialEnd) {
      Json.childObject(metadata, "annotations").addProperty("k8s.io/initial-events-end", "true");
    }
    JsonObject object = new JsonObject();
    boolean whole = options.representation().kind() == Representation.Kind.OBJECT;
    object.addProperty("kind", whole ? type.names().kind() : "PartialObjectMetadata");
    object.addProperty("apiVersion", whole ? type.apiVersion() : "meta.k8s.io/v1");
    object.add("metadata", metadata);
    if (whole && type.is("", "pods")) {
      // An empty typed Pod, as the real server encodes it: clients have failed on the null.
      Json.childObject(object, "spec").add("containers", JsonNull.INSTANCE);
    }
    line(out, "BOOKMARK", Json.encode(object));
  }

  private static void line(OutputStream out, String type, byte[] object) throws IOException {
    out.write(bytes("{\"type\":\"" + type + "\",\"object\":"));
    out.write(object);
    out.write(bytes("}\n"));
  }

  /** Closes the connection within a line: an interrupted write closes the socket's channel. */
  private static void cut(OutputStream out) throws IOException {
    out.write(bytes("{\"type\":\"ADDED\",\"object\":{\"kind\":\"No"));
    out.flush();
    throw new InterruptedIOException("the watch is cut by an injected fault");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
