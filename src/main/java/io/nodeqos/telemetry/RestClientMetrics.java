// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/** Requests to the API server, under client-go's names. Safe for use by many threads. */
public final class RestClientMetrics {
  private final Counter requests =
      Counter.build("rest_client_requests_total", "Requests to the API server.")
          .labelNames("code", "method", "host")
          .create();
  private final Histogram duration =
      Histogram.build("rest_client_request_duration_seconds", "Until the head of the reply.")
          .labelNames("verb")
          .buckets(Buckets.CALL)
          .create();

  void register(CollectorRegistry registry) {
    requests.register(registry);
    duration.register(registry);
  }

  /** A request was answered with this status. */
  public void answered(int status, String method, String host, long nanos) {
    count(Integer.toString(status), method, host, nanos);
  }

  /** A request got no answer; counted with client-go's code {@code <error>}. */
  public void unanswered(String method, String host, long nanos) {
    count("<error>", method, host, nanos);
  }

  private void count(String code, String method, String host, long nanos) {
    requests.labels(code, method, host).inc();
    duration.labels(method).observe(nanos / 1e9);
  }
}
