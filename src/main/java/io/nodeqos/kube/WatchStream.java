// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import com.google.gson.stream.MalformedJsonException;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import okhttp3.Response;

/** Decodes the events of one open watch. Used by one thread. */
final class WatchStream<V> implements Closeable {
  private final Response response;
  private final TolerantReader in;
  private final Codec<V> codec;

  WatchStream(Response response, Codec<V> codec) {
    this.response = response;
    this.in = new TolerantReader(response.body().charStream());
    this.codec = codec;
  }

  /**
   * Waits for the next event.
   *
   * @return empty when the server has ended the watch in good order
   * @throws IOException when it was cut, between events or within one, or nothing came for long
   */
  Optional<WatchEvent<V>> next() throws IOException {
    if (in.atEnd()) {
      return Optional.empty();
    }
    Frame frame = new Frame();
    in.requiredObject("a watch event", frame::field);
    return Optional.of(frame.event());
  }

  @Override
  public void close() {
    response.close();
  }

  private final class Frame {
    private String type = "";
    private String earlyObject = "";
    private WatchEvent<V> event;

    void field(String field) throws IOException {
      switch (field) {
        case "type" -> type = in.string();
        case "object" -> {
          if (type.isEmpty()) {
            // Servers send the type first, but JSON does not promise it.
            earlyObject = in.tree().toString();
          } else {
            event = decode(in);
          }
        }
        default -> in.skip();
      }
    }

    WatchEvent<V> event() throws IOException {
      if (event == null && !earlyObject.isEmpty()) {
        event = decode(new TolerantReader(new StringReader(earlyObject)));
      }
      if (event == null) {
        throw new MalformedJsonException("a watch event without an object");
      }
      return event;
    }

    private WatchEvent<V> decode(TolerantReader object) throws IOException {
      switch (type) {
        case "ADDED", "MODIFIED", "DELETED" -> {
          return new WatchEvent.Changed<>(type, codec.decode(object));
        }
        case "BOOKMARK" -> {
          // Its object has empty required fields: only the version is read.
          return new WatchEvent.Bookmark<>(VersionCodec.read(object));
        }
        case "ERROR" -> {
          StatusDraft status = new StatusDraft();
          status.read(object);
          return new WatchEvent.Failed<>(ApiFailure.of(status));
        }
        default -> {
          object.skip();
          return new WatchEvent.Unknown<>();
        }
      }
    }
  }
}
