// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;

/**
 * Asks the fence as late as it can be asked. A network interceptor runs when the connection stands,
 * right before the request goes out; but many requests share a connection and wait for each other,
 * and the process can be suspended meanwhile. So the last byte of the body waits until all the
 * others are sent, and the fence is asked again: without it the server has no complete JSON object
 * and carries out nothing.
 */
final class FenceInterceptor implements Interceptor {
  private static final int SERVER_ERROR = 500;

  private final Fence fence;
  private final UnansweredWrites unanswered;

  FenceInterceptor(Fence fence, UnansweredWrites unanswered) {
    this.fence = fence;
    this.unanswered = unanswered;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    if (request.method().equals("GET")) {
      return chain.proceed(request);
    }
    fence.check();
    RequestBody body = request.body();
    Request fenced =
        body == null
            ? request
            : request.newBuilder().method(request.method(), new FencedBody(body, fence)).build();
    try {
      Response response = chain.proceed(fenced);
      if (response.code() >= SERVER_ERROR) {
        unanswered.add();
      }
      return response;
    } catch (FencedException notSent) {
      throw notSent;
    } catch (IOException lost) {
      unanswered.add();
      throw lost;
    }
  }

  private static final class FencedBody extends RequestBody {
    private final RequestBody body;
    private final Fence fence;

    FencedBody(RequestBody body, Fence fence) {
      this.body = body;
      this.fence = fence;
    }

    @Override
    public MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() throws IOException {
      return body.contentLength();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      Buffer bytes = new Buffer();
      body.writeTo(bytes);
      if (bytes.size() > 1) {
        sink.write(bytes, bytes.size() - 1);
        sink.flush();
      }
      fence.check();
      sink.write(bytes, bytes.size());
    }
  }
}
