// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.function.DoubleSupplier;

/** Requests to the API server, under client-go's names. Safe for use by many threads. */
public final class RestClientMetrics {
  /** client-go's word for a request without an answer. */
  private static final String NO_ANSWER = "<error>";

  private final Counter requests =
      Instruments.counter(
          "rest_client_requests_total",
          "Requests to the API server by status code, or <error> without an answer.",
          "code",
          "method",
          "host");
  private final Histogram duration =
      Instruments.histogram(
          "rest_client_request_duration_seconds",
          "Time from sending a request to the head of its reply.",
          Buckets.REST_CLIENT,
          "verb",
          "host");
  private final Counter retries =
      Instruments.counter(
          "rest_client_request_retries_total",
          "Requests that are retried because of this status code.",
          "code",
          "verb",
          "host");
  private final Histogram limited =
      Instruments.histogram(
          "rest_client_rate_limiter_duration_seconds",
          "Delay of a write by the client's own limit; 0 when it was sent at once.",
          Buckets.REST_CLIENT,
          "verb",
          "host");
  private final PullGauge writeLimit =
      new PullGauge(
          "qos_write_limit_per_second",
          "Present write limit of this process, in writes a second; lower after a 429.");

  void register(CollectorRegistry registry) {
    requests.register(registry);
    duration.register(registry);
    retries.register(registry);
    limited.register(registry);
    writeLimit.register(registry);
  }

  /**
   * A request was answered.
   *
   * @param again whether it will be sent again because of this status
   */
  public void answered(int status, String method, String host, long nanos, boolean again) {
    count(Integer.toString(status), method, host, nanos, again);
  }

  /** A request got no answer, and will be sent again. */
  public void unanswered(String method, String host, long nanos) {
    count(NO_ANSWER, method, host, nanos, true);
  }

  private void count(String code, String method, String host, long nanos, boolean again) {
    requests.labels(code, method, host).inc();
    duration.labels(method, host).observe(nanos / 1e9);
    if (again) {
      retries.labels(code, method, host).inc();
    }
  }

  /** The client's own limit delayed a write for so long, maybe zero. */
  public void rateLimited(String method, String host, long nanos) {
    limited.labels(method, host).observe(nanos / 1e9);
  }

  /** Sets the source of the present write limit, in writes a second. */
  public void writeLimit(DoubleSupplier perSecond) {
    writeLimit.add(perSecond);
  }
}
