// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.kube.wire.MalformedAnswerException;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import okhttp3.Response;

/** A watch in JSON: events one after the other. */
public final class JsonWatchStream<V> implements WatchStream<V> {
  private final Response response;
  private final JsonTolerantReader in;
  private final Codec<V> codec;
  private boolean begun;

  public JsonWatchStream(Response response, Codec<V> codec) {
    this.response = response;
    this.in = new JsonTolerantReader(response.body().charStream());
    this.codec = codec;
  }

  @Override
  public Optional<WatchEvent<V>> next() throws IOException {
    if (!begun && response.body().source().exhausted()) {
      // The JSON reader takes a document without any value for a truncated one.
      return Optional.empty();
    }
    begun = true;
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
            event = WatchEvent.decode(type, codec, in);
          }
        }
        default -> in.skip();
      }
    }

    WatchEvent<V> event() throws IOException {
      if (event == null && !earlyObject.isEmpty()) {
        event =
            WatchEvent.decode(type, codec, new JsonTolerantReader(new StringReader(earlyObject)));
      }
      if (event == null) {
        throw new MalformedAnswerException("a watch event without an object");
      }
      return event;
    }
  }
}
