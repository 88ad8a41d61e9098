// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;
import java.util.Optional;

/** Decodes one kind of object from a stream into its view. Thread-safe. */
public interface Codec<V> {
  /**
   * Reads the next value.
   *
   * @throws IOException when it is not an object, has no name or version, or the stream ends early
   */
  SlimObject<V> decode(TolerantReader in) throws IOException;

  /** How the object is read from protobuf; empty when the server has it in JSON only. */
  default Optional<ProtobufMessage> protobuf() {
    return Optional.empty();
  }

  /**
   * Reads of an object only what its fingerprint leaves out. Empty for objects of which each
   * version is decoded: most have no heartbeat.
   *
   * @throws IOException as {@link #decode}
   */
  default Optional<Sighting<V>> sight(TolerantReader in) throws IOException {
    return Optional.empty();
  }
}
