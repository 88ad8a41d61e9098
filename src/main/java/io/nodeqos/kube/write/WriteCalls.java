// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.nodeqos.election.FencedException;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.codec.VersionCodec;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.kube.wire.ProtobufEnvelope;
import io.nodeqos.kube.wire.ProtobufTolerantReader;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Sends one write and returns its result. Never throws for an error of server or network. */
final class WriteCalls {
  /** The name of the fence's ValidatingAdmissionPolicy, which its denial has in the message. */
  static final String FENCE_POLICY = "node-qos-controller-fence";

  private static final Duration FENCE_POLICY_MIN_PAUSE = Duration.ofMillis(20);
  private static final Duration FENCE_POLICY_MAX_PAUSE = Duration.ofMillis(200);

  private static final String METADATA_AS_JSON =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  /**
   * Only the version of a written object is needed; servers may send the whole object instead. In
   * protobuf all else is skipped by its length, also the managedFields, which are most of it.
   */
  static final String METADATA_ONLY =
      ProtobufEnvelope.MEDIA_TYPE
          + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"
          + METADATA_AS_JSON;

  private final ApiEndpoint api;
  private final WriteLimiter limiter;
  private final Pauses pauses;
  private final FenceDenials denials = new FenceDenials();

  /** Protobuf was malformed: something in between does not pass it on unchanged. */
  private volatile boolean jsonOnly;

  WriteCalls(ApiEndpoint api, WriteLimiter limiter, Pauses pauses) {
    this.api = api;
    this.limiter = limiter;
    this.pauses = pauses;
  }

  /**
   * Sends a patch.
   *
   * @param type the media type of the patch
   */
  WriteResult patch(String path, MediaType type, String patch) {
    return send("PATCH", path, type, patch);
  }

  /** Sends a write whose reply is the object. */
  WriteResult send(String method, String path, MediaType type, String body) {
    return send(method, path, type, body, this::written);
  }

  /** Sends a deletion; its reply may be a mere Status, so the version in the result is empty. */
  WriteResult delete(String path, MediaType type, String options) {
    return send("DELETE", path, type, options, reply -> new WriteResult.Ok(""));
  }

  /** The result of a reply to a committed write. */
  private interface Reply {
    WriteResult read(Response response) throws IOException;
  }

  private WriteResult send(
      String method, String path, MediaType type, String content, Reply reply) {
    Duration wait = limiter.tryAcquire();
    if (!wait.isZero()) {
      return new WriteResult.Throttled(wait);
    }
    // As bytes, since a charset parameter would be added to the media type of a text.
    RequestBody body = RequestBody.create(content.getBytes(StandardCharsets.UTF_8), type);
    try (Response response =
        api.http()
            .newCall(
                api.request(path, Map.of())
                    .header("Accept", jsonOnly ? METADATA_AS_JSON : METADATA_ONLY)
                    .method(method, body)
                    .build())
            .execute()) {
      if (!response.isSuccessful()) {
        return refused(ApiFailure.of(response, pauses.time()));
      }
      denials.accepted();
      return reply.read(response);
    } catch (FencedException e) {
      return new WriteResult.Fenced(e.getMessage());
    } catch (IOException | RuntimeException e) {
      // Credential plug-ins throw unchecked exceptions. Whether the write was committed is unknown;
      // if it was, a second one meets a newer resourceVersion.
      return new WriteResult.Retry(ApiFailure.of(e).message(), Duration.ZERO);
    }
  }

  private WriteResult written(Response response) throws IOException {
    String version = version(response.body());
    return version.isEmpty()
        ? new WriteResult.Retry("the reply to a write has no resourceVersion", Duration.ZERO)
        : new WriteResult.Ok(version);
  }

  private String version(ResponseBody reply) throws IOException {
    if (ProtobufEnvelope.isIn(reply)) {
      try {
        return VersionCodec.read(object(reply.bytes()));
      } catch (MalformedAnswerException e) {
        jsonOnly = true;
        throw e;
      }
    }
    try (Reader text = reply.charStream()) {
      JsonTolerantReader in = new JsonTolerantReader(text);
      String version = VersionCodec.read(in);
      in.skipToEnd();
      return version;
    }
  }

  private static TolerantReader object(byte[] bytes) throws MalformedAnswerException {
    ProtobufEnvelope envelope = ProtobufEnvelope.open(bytes, 0, bytes.length);
    return new ProtobufTolerantReader(
        bytes, envelope.from(), envelope.to(), KubernetesMessages.ANY_OBJECT);
  }

  /** The one place that maps a status code to the result of a request. */
  WriteResult refused(ApiFailure why) {
    if (why.throttled()) {
      limiter.overloaded(why.retryAfter());
    }
    return switch (why.code()) {
      case 409 -> new WriteResult.Conflict();
      case 404 -> new WriteResult.NotFound();
      // 422: the policy found no Lease, so it could not decide.
      case 403, 422 ->
          why.message().contains(FENCE_POLICY) && denials.mayBeLag(pauses.time().nanos())
              // A server that has not seen our new Lease yet. Not an error, and soon over.
              ? new WriteResult.Retry(
                  why.message(), pauses.between(FENCE_POLICY_MIN_PAUSE, FENCE_POLICY_MAX_PAUSE))
              : rejected(why);
      default ->
          why.mayPass() ? new WriteResult.Retry(why.message(), why.retryAfter()) : rejected(why);
    };
  }

  private static WriteResult rejected(ApiFailure why) {
    return new WriteResult.Rejected(why.code(), why.message() + why.advice() + ".");
  }

  /** Reads one object from the server, not from a cache. */
  <V> Reading<V> get(String path, Codec<V> codec) {
    try (Response response = api.http().newCall(api.request(path, Map.of()).build()).execute()) {
      if (!response.isSuccessful()) {
        return new Reading<>(Optional.empty(), refused(ApiFailure.of(response, pauses.time())));
      }
      try (Reader text = response.body().charStream()) {
        JsonTolerantReader in = new JsonTolerantReader(text);
        SlimObject<V> object = codec.decode(in);
        in.skipToEnd();
        return new Reading<>(
            Optional.of(object.view()), new WriteResult.Ok(object.resourceVersion()));
      }
    } catch (IOException | RuntimeException e) {
      return new Reading<>(
          Optional.empty(), new WriteResult.Retry(ApiFailure.of(e).message(), Duration.ZERO));
    }
  }

  /**
   * The result of a read.
   *
   * @param object empty when it failed
   * @param outcome why it failed
   */
  record Reading<V>(Optional<V> object, WriteResult outcome) {}
}
