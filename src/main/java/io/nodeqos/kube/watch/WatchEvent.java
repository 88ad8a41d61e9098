// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.codec.StatusDraft;
import io.nodeqos.kube.codec.VersionCodec;
import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;

/** One event of a watch. */
public sealed interface WatchEvent<V> {
  /** The type of an event whose object is a Status. */
  String ERROR = "ERROR";

  String ADDED = "ADDED";

  String MODIFIED = "MODIFIED";

  String DELETED = "DELETED";

  /** ADDED, MODIFIED or DELETED. */
  record Changed<V>(String type, SlimObject<V> object) implements WatchEvent<V> {}

  /** A known object in another version, in which nothing has changed that counts. */
  record Seen<V>(String key, SlimObject<V> now) implements WatchEvent<V> {}

  /** Nothing changed up to this version. */
  record Bookmark<V>(String resourceVersion) implements WatchEvent<V> {}

  /** The server ends this watch with an error. */
  record Failed<V>(ApiFailure why) implements WatchEvent<V> {}

  /** Of an unknown type. */
  record Unknown<V>() implements WatchEvent<V> {}

  /** Reads the object of an event of this type. */
  static <V> WatchEvent<V> decode(String type, Codec<V> codec, TolerantReader object)
      throws IOException {
    switch (type) {
      case ADDED, MODIFIED, DELETED -> {
        return new Changed<>(type, codec.decode(object));
      }
      case "BOOKMARK" -> {
        // Its object has empty required fields: only the version is read.
        return new Bookmark<>(VersionCodec.read(object));
      }
      case ERROR -> {
        StatusDraft status = new StatusDraft();
        status.read(object);
        return new Failed<>(ApiFailure.of(status));
      }
      default -> {
        object.skip();
        return new Unknown<>();
      }
    }
  }
}
