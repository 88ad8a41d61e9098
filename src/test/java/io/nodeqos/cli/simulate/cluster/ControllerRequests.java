// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;

/** The requests of the controller: they are counted, judged, and disturbed. */
final class ControllerRequests implements Interceptor {
  private static final int REMEMBERED = 40;

  private final VirtualApi api;
  private final ClusterRules rules;
  private final List<String> lately = new ArrayList<>();
  private Fault fault = Fault.NONE;
  private Witness witness = write -> {};
  private int all;
  private int writes;
  private int writesOfNodes;

  /** The leader is killed in the middle of a request. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
    private final transient FaultCluster.Behind behind;

    Killed(FaultCluster.Behind behind) {
      this.behind = behind;
    }

    FaultCluster.Behind behind() {
      return behind;
    }
  }

  /** Stands between the controller and the server. */
  interface Fault {
    Fault NONE = (number, chain) -> chain.proceed(chain.request());

    /**
     * Answers a request.
     *
     * @param number of the request, from 1
     */
    Response answer(int number, Chain chain) throws IOException;
  }

  /**
   * A request that was to change something, and its answer.
   *
   * @param type the media type of the body
   */
  record Write(
      String method,
      String path,
      String type,
      String body,
      RequestTarget target,
      Optional<JsonObject> before,
      int code,
      Optional<JsonObject> after) {}

  /** Sees each write when it was answered. */
  interface Witness {
    void written(Write write) throws IOException;
  }

  ControllerRequests(VirtualApi api, ClusterRules rules) {
    this.api = api;
    this.rules = rules;
  }

  OkHttpClient client() {
    OkHttpClient.Builder builder = ApiInterceptor.client(api, write -> {}).newBuilder();
    builder.interceptors().add(0, this);
    // Closest to the server: what is committed is judged, whatever the controller learns of it.
    builder.interceptors().add(1, this::judged);
    return builder.build();
  }

  void witnessedBy(Witness newWitness) {
    witness = newWitness;
  }

  void disturbedBy(Fault newFault) {
    fault = newFault;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    all++;
    return fault.answer(all, chain);
  }

  private Response judged(Chain chain) throws IOException {
    Request request = chain.request();
    if (request.method().equals("GET")) {
      return chain.proceed(request);
    }
    String body = body(request);
    RequestTarget target = RequestTarget.of(request.url().encodedPath()).createdBy(body);
    ClusterRules.Before before = rules.before(target, api);
    Response response = chain.proceed(request);
    lately.add(request.method() + " " + request.url().encodedPath() + " " + response.code());
    if (lately.size() > REMEMBERED) {
      lately.remove(0);
    }
    if (response.isSuccessful()) {
      writes++;
      writesOfNodes += target.collection().equals(CacheFeed.NODES) ? 1 : 0;
      rules.written(before, api);
    }
    witness.written(
        new Write(
            request.method(),
            request.url().encodedPath(),
            String.valueOf(request.body().contentType()),
            body,
            target,
            before.object(),
            response.code(),
            ClusterRules.now(target, api)));
    return response;
  }

  private static String body(Request request) throws IOException {
    Buffer body = new Buffer();
    request.body().writeTo(body);
    return body.readUtf8();
  }

  ClusterRules rules() {
    return rules;
  }

  /** Also those that were answered with an error. */
  int all() {
    return all;
  }

  /** Those that were carried out. */
  int writes() {
    return writes;
  }

  int writesOfNodes() {
    return writesOfNodes;
  }

  String lately() {
    return String.join("\n  ", lately);
  }
}
