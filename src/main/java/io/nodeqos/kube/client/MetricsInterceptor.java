// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.election.FencedException;
import io.nodeqos.telemetry.metrics.RestClientMetrics;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Counts requests and times them until the head of the reply. */
final class MetricsInterceptor implements Interceptor {
  private final RestClientMetrics metrics;
  private final TimeSource time;

  MetricsInterceptor(RestClientMetrics metrics, TimeSource time) {
    this.metrics = metrics;
    this.time = time;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    String host = host(request.url());
    long begin = time.nanos();
    try {
      Response response = chain.proceed(request);
      metrics.answered(
          response.code(),
          request.method(),
          host,
          time.nanos() - begin,
          ApiFailure.mayPass(response.code()));
      return response;
    } catch (FencedException notSent) {
      throw notSent;
    } catch (IOException e) {
      metrics.unanswered(request.method(), host, time.nanos() - begin);
      throw e;
    }
  }

  /** The value of the label {@code host}. */
  static String host(HttpUrl url) {
    return url.host() + ":" + url.port();
  }
}
