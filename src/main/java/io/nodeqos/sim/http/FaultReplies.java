// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.Reply;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The answers of injected faults in place of the real one. */
final class FaultReplies {
  private FaultReplies() {}

  static Reply refuse(Fault.Refuse refuse) {
    long seconds = refuse.retryAfter().toSeconds();
    ApiStatus status =
        switch (refuse.code()) {
          case 409 ->
              new ApiStatus(
                  409,
                  "Conflict",
                  "Operation cannot be fulfilled: the object has been modified; please apply your"
                      + " changes to the latest version and try again",
                  new JsonObject());
          case 410 -> ApiStatus.expired("too old resource version (injected)");
          case 429 -> ApiStatus.tooManyRequests(seconds);
          case 500 -> ApiStatus.internal("injected");
          default ->
              new ApiStatus(refuse.code(), "Unknown", "injected code " + refuse.code(), null);
        };
    Map<String, String> headers = new HashMap<>();
    if (seconds > 0) {
      headers.put("Retry-After", Long.toString(seconds));
    }
    return new Reply.Body(
        refuse.code(),
        "application/json",
        List.of(Json.encode(status.toJson())),
        headers,
        Reply.ObjectVersion.NONE);
  }

  static Reply garbage() {
    return new Reply.Body(
        200,
        "application/json",
        List.of("{\"kind\":\"Node\u0000List\",[[[<html>".getBytes(StandardCharsets.UTF_8)),
        Map.of(),
        Reply.ObjectVersion.NONE);
  }
}
