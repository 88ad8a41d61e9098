// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.replica;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/** HTTP to one replica. */
final class ReplicaClient {
  /** A stream has a heartbeat each 15 s. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final String name;
  private final HttpUrl base;
  private final OkHttpClient http;

  /**
   * @param name the replica, in words
   */
  ReplicaClient(String name, HttpUrl base, OkHttpClient http) {
    this.name = name;
    this.base = base;
    this.http = http;
  }

  String name() {
    return name;
  }

  ReplicaAnswer get(String path, Map<String, String> query) throws IOException {
    try (Response response = http.newCall(request(path, query, "")).execute()) {
      return new ReplicaAnswer(name, response.code(), response.body().string());
    }
  }

  /**
   * Follows a stream of lines until it ends.
   *
   * @param lastEventId the last event that was seen before; empty for none
   * @return the answer when it is no stream; else an empty one with status 200, at the end
   */
  ReplicaAnswer follow(
      String path, Map<String, String> query, String lastEventId, Consumer<String> lines)
      throws IOException {
    OkHttpClient patient = http.newBuilder().readTimeout(SILENCE).build();
    try (Response response = patient.newCall(request(path, query, lastEventId)).execute()) {
      if (response.code() != 200) {
        return new ReplicaAnswer(name, response.code(), response.body().string());
      }
      BufferedSource source = response.body().source();
      for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
        lines.accept(line);
      }
      return new ReplicaAnswer(name, 200, "");
    }
  }

  private Request request(String path, Map<String, String> query, String lastEventId) {
    HttpUrl.Builder address = base.newBuilder().addPathSegments(path.substring(1));
    query.forEach(address::addQueryParameter);
    Request.Builder request = new Request.Builder().url(address.build());
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    return request.build();
  }
}
