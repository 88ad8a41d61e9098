// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;

/**
 * Distinguishes a lasting 403 from that of a starting API server: kube-apiserver 1.37 refuses all
 * requests until it has read its RBAC rules, and is not ready ({@code /readyz}) until then. For one
 * thread.
 */
final class StartingServer {
  /**
   * No server takes longer; one that refuses {@code /readyz} must not count as starting for ever.
   */
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ApiEndpoint api;
  private final TimeSource time;
  private OptionalLong refusedSinceNanos = OptionalLong.empty();

  StartingServer(ApiEndpoint api, TimeSource time) {
    this.api = api;
    this.time = time;
  }

  /** The failure as it is; a temporary one instead of the 403 of a starting server. */
  ApiFailure judged(ApiFailure why) {
    if (why.code() != HttpURLConnection.HTTP_FORBIDDEN) {
      refusedSinceNanos = OptionalLong.empty();
      return why;
    }
    if (refusedSinceNanos.isEmpty()) {
      refusedSinceNanos = OptionalLong.of(time.nanos());
    }
    if (time.since(refusedSinceNanos.getAsLong()).compareTo(MAX_WAIT) >= 0 || !isStarting()) {
      return why;
    }
    return new ApiFailure(
        HttpURLConnection.HTTP_UNAVAILABLE,
        "",
        "the API server is starting (" + why.message() + ")",
        why.retryAfter());
  }

  /** A request was answered. */
  void answered() {
    refusedSinceNanos = OptionalLong.empty();
  }

  private boolean isStarting() {
    try {
      Call call = api.http().newCall(api.request("/readyz", Map.of()).build());
      call.timeout().timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      try (Response response = call.execute()) {
        // A server without this path gives no answer, so the 403 stands.
        return !response.isSuccessful() && response.code() != HttpURLConnection.HTTP_NOT_FOUND;
      }
    } catch (IOException noAnswer) {
      return true;
    }
  }
}
