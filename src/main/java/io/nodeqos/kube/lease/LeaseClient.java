// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.lease;

import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * The Lease on the API server. It does not check the fence, as the fence depends on these writes;
 * the resourceVersion in each update is the guard.
 */
public final class LeaseClient implements LeaseStore {
  private static final MediaType JSON = MediaType.get("application/json");

  private final ApiEndpoint api;
  private final String namespace;
  private final String name;
  private final Pauses pauses;
  private final Codec<LeaseState> codec;
  private final LeaseRefusals refusals;

  /**
   * Works on one Lease.
   *
   * @param leaseClient of {@link ApiClients#lease}, which no other writer shares
   * @param namespace the controller's own
   */
  public LeaseClient(ApiEndpoint leaseClient, String namespace, String name) {
    this(leaseClient, namespace, name, new LeaseRefusals(namespace, name));
  }

  /**
   * Works on one Lease.
   *
   * @param refusals receives the requests that the API server refuses
   */
  public LeaseClient(
      ApiEndpoint leaseClient, String namespace, String name, LeaseRefusals refusals) {
    this.api = leaseClient;
    this.namespace = namespace;
    this.name = name;
    this.pauses = Pauses.system();
    this.codec = new LeaseCodec();
    this.refusals = refusals;
  }

  private interface Call {
    Request request() throws IOException;
  }

  private String collection() {
    return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
  }

  private String path() {
    return collection() + "/" + name;
  }

  @Override
  public LeaseResult get() {
    return perform(() -> api.request(path(), Map.of()).build());
  }

  @Override
  public LeaseResult create(LeaseState state) {
    LeaseResult result =
        perform(() -> api.request(collection(), Map.of()).post(body(state)).build());
    if (result instanceof LeaseResult.NotFound) {
      String why = "namespace " + namespace + " does not exist";
      refusals.refused("POST", why);
      return new LeaseResult.Failed(why);
    }
    return result;
  }

  @Override
  public LeaseResult update(LeaseState state) {
    return perform(() -> api.request(path(), Map.of()).put(body(state)).build());
  }

  private RequestBody body(LeaseState state) {
    String text = LeaseCodec.encode(state, namespace, name);
    return RequestBody.create(text.getBytes(StandardCharsets.UTF_8), JSON);
  }

  private LeaseResult perform(Call call) {
    try (Response response = api.http().newCall(call.request()).execute()) {
      String method = response.request().method();
      if (response.isSuccessful()) {
        refusals.accepted(method);
        try (Reader text = response.body().charStream()) {
          JsonTolerantReader in = new JsonTolerantReader(text);
          LeaseState lease = codec.decode(in).view();
          in.skipToEnd();
          return new LeaseResult.Ok(lease);
        }
      }
      return switch (response.code()) {
        case 404 -> new LeaseResult.NotFound();
        case 409 -> new LeaseResult.Conflict();
        default -> {
          ApiFailure why = ApiFailure.of(response, pauses.time());
          // 400 is the answer of a webhook that gives no other.
          if (why.denied() || !why.mayPass()) {
            refusals.refused(method, why.message());
          }
          yield failed(why);
        }
      };
    } catch (IOException | RuntimeException e) {
      // Credential plug-ins throw unchecked exceptions.
      return failed(ApiFailure.of(e));
    }
  }

  private static LeaseResult failed(ApiFailure why) {
    Optional<Duration> retryAfter =
        Optional.of(why.retryAfter()).filter(d -> d.compareTo(Duration.ZERO) > 0);
    return new LeaseResult.Failed(why.message() + why.advice(), retryAfter);
  }

  @Override
  public Watch watch(Listener listener) {
    LeaseWatch watch = new LeaseWatch(api, collection(), name, listener, pauses);
    watch.start();
    return watch;
  }
}
