// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.JsonTolerantReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Objects as a real server sends them. */
public final class Samples {
  private Samples() {}

  public static String read(String file) {
    try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(file, e);
    }
  }

  static <V> V decode(Codec<V> codec, String json) throws IOException {
    return codec.decode(new JsonTolerantReader(new StringReader(json))).view();
  }

  /** A node of one line. */
  public static String node(String name, String resourceVersion) {
    return """
        {"kind":"Node","metadata":{"name":"%s","uid":"uid-%s","resourceVersion":"%s","labels":{"version":"%s"}},"status":{"capacity":{"cpu":"4","memory":"8Gi"}}}"""
        .formatted(name, name, resourceVersion, resourceVersion);
  }
}
