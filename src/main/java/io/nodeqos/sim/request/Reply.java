// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.request;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The answer to a request. */
public sealed interface Reply {

  /**
   * A complete answer.
   *
   * @param parts the body in pieces, so that a list need not copy its objects
   * @param subject its entry in the request log
   */
  record Body(
      int code,
      String contentType,
      List<byte[]> parts,
      Map<String, String> headers,
      ObjectVersion subject)
      implements Reply {}

  /** An answer that lasts as long as the watch. */
  final class Stream implements Reply {
    private final WatchStream watch;

    public Stream(WatchStream watch) {
      this.watch = watch;
    }

    public WatchStream watch() {
      return watch;
    }
  }

  /** Name and version of the object in the answer; "" where there is none. */
  record ObjectVersion(String name, String resourceVersion) {
    public static final ObjectVersion NONE = new ObjectVersion("", "");
  }

  static Body json(int code, JsonElement body) {
    return json(code, Json.encode(body), ObjectVersion.NONE);
  }

  static Body json(int code, byte[] body, ObjectVersion subject) {
    return new Body(code, "application/json", List.of(body), Map.of(), subject);
  }

  static Body text(int code, String text) {
    return new Body(
        code,
        "text/plain; charset=utf-8",
        List.of(text.getBytes(StandardCharsets.UTF_8)),
        Map.of(),
        ObjectVersion.NONE);
  }

  static Body refusal(ApiStatus status) {
    long seconds = status.retryAfterSeconds();
    JsonObject body = status.toJson();
    return new Body(
        status.code(),
        "application/json",
        List.of(Json.encode(body)),
        seconds < 0 ? Map.of() : Map.of("Retry-After", Long.toString(seconds)),
        ObjectVersion.NONE);
  }
}
