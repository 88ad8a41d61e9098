// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import io.nodeqos.telemetry.metrics.Metrics;

/** The metrics, as OpenMetrics for a scraper that requests it, else as text 0.0.4. */
public final class MetricsEndpoint implements Endpoint {
  private final Metrics metrics;

  public MetricsEndpoint(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public Response answer(Request request) {
    Metrics.Scrape scrape = metrics.scrape(request.accept());
    return new Response(200, scrape.contentType(), scrape.text());
  }
}
