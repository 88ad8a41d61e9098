// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.Sighting;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.wire.Fingerprint;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.kube.wire.ProtobufEnvelope;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.ProtobufSource;
import io.nodeqos.kube.wire.ProtobufTolerantReader;
import io.nodeqos.kube.wire.ProtobufWire;
import io.nodeqos.kube.wire.RecentTexts;
import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Response;

/** A watch in protobuf: each event is a message with its length in four bytes before it. */
final class ProtobufWatchStream<V> implements WatchStream<V> {
  private static final int TYPE = 1;
  private static final int OBJECT = 2;
  private static final int RAW = 1;

  private final Response response;
  private final ProtobufSource in;
  private final Codec<V> codec;
  private final ProtobufMessage message;
  private final RecentTexts texts;
  private final Known<V> known;

  ProtobufWatchStream(
      Response response,
      Codec<V> codec,
      ProtobufMessage message,
      RecentTexts texts,
      Known<V> known) {
    this.response = response;
    this.in = new ProtobufSource(response.body().source());
    this.codec = codec;
    this.message = message;
    this.texts = texts;
    this.known = known;
  }

  @Override
  public Optional<WatchEvent<V>> next() throws IOException {
    if (in.exhausted()) {
      return Optional.empty();
    }
    int length = in.fixed32();
    return Optional.of(event(in.message(length), length));
  }

  private WatchEvent<V> event(byte[] bytes, int length) throws IOException {
    ProtobufWire wire = new ProtobufWire(bytes);
    String type = "";
    ProtobufEnvelope object = null;
    for (int at = 0; at < length; ) {
      at = wire.next(at, length);
      if (wire.is(TYPE)) {
        type = wire.text();
      } else if (wire.is(OBJECT)) {
        object = object(wire, bytes);
      }
    }
    if (object == null) {
      throw new MalformedAnswerException("a watch event without an object");
    }
    return switch (type) {
      case WatchEvent.ERROR ->
          WatchEvent.decode(type, codec, reader(bytes, object, KubernetesMessages.STATUS));
      case WatchEvent.ADDED, WatchEvent.MODIFIED -> changed(type, bytes, object);
      default -> WatchEvent.decode(type, codec, reader(bytes, object, message));
    };
  }

  private TolerantReader reader(byte[] bytes, ProtobufEnvelope object, ProtobufMessage content) {
    return new ProtobufTolerantReader(bytes, object.from(), object.to(), content, texts);
  }

  /** Decodes the object only when it differs from the known one. */
  private WatchEvent<V> changed(String type, byte[] bytes, ProtobufEnvelope object)
      throws IOException {
    Optional<Sighting<V>> sighting = codec.sight(reader(bytes, object, message));
    if (sighting.isEmpty()) {
      return WatchEvent.decode(type, codec, reader(bytes, object, message));
    }
    Fingerprint fingerprint = Fingerprint.of(bytes, object.from(), object.to(), message);
    if (type.equals(WatchEvent.MODIFIED)) {
      String key = sighting.get().key();
      Optional<SlimObject<V>> same =
          known.find(key).filter(o -> o.fingerprint().equals(fingerprint));
      if (same.isPresent()) {
        return new WatchEvent.Seen<>(key, sighting.get().of(same.get()));
      }
    }
    return new WatchEvent.Changed<>(
        type, codec.decode(reader(bytes, object, message)).with(fingerprint));
  }

  /** The envelope in a {@code runtime.RawExtension}; null when there is none. */
  private static ProtobufEnvelope object(ProtobufWire wire, byte[] bytes) throws IOException {
    ProtobufEnvelope object = null;
    int end = wire.to();
    for (int at = wire.from(); at < end; ) {
      at = wire.next(at, end);
      if (wire.is(RAW)) {
        object = ProtobufEnvelope.open(bytes, wire.from(), wire.to());
      }
    }
    return object;
  }

  @Override
  public void close() {
    response.close();
  }
}
