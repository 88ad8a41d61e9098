// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.sim.virtual.VirtualApi;
import java.io.IOException;
import java.util.function.Consumer;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/** Answers the requests of the controller's writers from the embedded API, in the same thread. */
final class ApiInterceptor implements Interceptor {
  private static final MediaType JSON = MediaType.get("application/json");

  private final VirtualApi api;
  private final Consumer<ControllerWrite> writes;

  private ApiInterceptor(VirtualApi api, Consumer<ControllerWrite> writes) {
    this.api = api;
    this.writes = writes;
  }

  /**
   * @param writes receives each request but reads, after its answer
   */
  static OkHttpClient client(VirtualApi api, Consumer<ControllerWrite> writes) {
    return new OkHttpClient.Builder().addInterceptor(new ApiInterceptor(api, writes)).build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Buffer body = new Buffer();
    MediaType type = null;
    if (request.body() != null) {
      request.body().writeTo(body);
      type = request.body().contentType();
    }
    String path = request.url().encodedPath();
    VirtualApi.Answer answer =
        api.answer(
            new VirtualApi.Call(
                request.method(), path, type == null ? "" : type.toString(), body.readByteArray()));
    if (!request.method().equals("GET")) {
      writes.accept(ControllerWrite.of(request.method(), path, answer.code()));
    }
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(answer.code())
        .message("")
        .body(ResponseBody.create(answer.body(), JSON))
        .build();
  }
}
