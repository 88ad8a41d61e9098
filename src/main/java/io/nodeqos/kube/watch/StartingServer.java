// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

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
 * Tells a 403 that is meant from that of an API server which is starting: kube-apiserver 1.37
 * refuses everybody until it has read its RBAC rules, and is not ready ({@code /readyz}) so long.
 * For one thread.
 */
final class StartingServer {
  /**
   * No server takes longer; one that hides {@code /readyz} from us must not be believed for ever.
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

  /** The failure as it is; one that may pass, when it is the 403 of a server that is starting. */
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
        // What has no such path cannot tell, and is believed.
        return !response.isSuccessful() && response.code() != HttpURLConnection.HTTP_NOT_FOUND;
      }
    } catch (IOException noAnswer) {
      return true;
    }
  }
}
