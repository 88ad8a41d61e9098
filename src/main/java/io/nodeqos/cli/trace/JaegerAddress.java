// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** A Jaeger at an address. */
final class JaegerAddress implements JaegerSource {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final URI jaeger;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  JaegerAddress(URI jaeger) {
    this.jaeger = jaeger;
  }

  @Override
  public Answer get(String path) throws IOException, InterruptedException {
    try {
      HttpResponse<String> reply =
          http.send(
              HttpRequest.newBuilder(jaeger.resolve(path)).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      return new Answer(reply.statusCode(), reply.body());
    } catch (HttpTimeoutException e) {
      throw new IOException("no answer in time", e);
    } catch (ConnectException e) {
      throw new IOException("the connection is refused, or there is no way to the address", e);
    }
  }

  @Override
  public String describe() {
    return jaeger.toString();
  }
}
