// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.telemetry.tracing.RequestTrace;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Makes a span of each request that is part of a reconcile, and sends its context to the API
 * server.
 */
final class TraceInterceptor implements Interceptor {
  @Override
  public Response intercept(Chain chain) throws IOException {
    WorkTrace work = WorkTrace.current();
    return work.isTraced() ? traced(work, chain) : chain.proceed(chain.request());
  }

  private static Response traced(WorkTrace work, Chain chain) throws IOException {
    Request request = chain.request();
    try (RequestTrace trace = work.request(target(request))) {
      try {
        Request.Builder traced = request.newBuilder();
        trace.headers().forEach(traced::header);
        Response response = chain.proceed(traced.build());
        trace.answered(response.code());
        return response;
      } catch (IOException | RuntimeException e) {
        trace.failed(e);
        throw e;
      }
    }
  }

  private static RequestTrace.Target target(Request request) {
    ResourcePath path = ResourcePath.of(request.url().pathSegments());
    return new RequestTrace.Target(
        request.method(),
        path.resource(),
        request.url().encodedPath(),
        path.template(),
        request.url().host(),
        request.url().port());
  }
}
