// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import com.google.gson.JsonObject;
import io.nodeqos.election.FencedException;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.MicroTime;
import io.nodeqos.kube.events.EventReply.Outcome;
import io.nodeqos.kube.write.NodePatcher;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Okio;

/** Writes Events of {@code events.k8s.io/v1}. */
final class EventClient implements EventApi {
  /** Where the Events about objects without a namespace belong. */
  static final String NAMESPACE = "default";

  static final String REPORTING_CONTROLLER = "nodeqos.io/node-qos-controller";

  private static final String PATH = "/apis/events.k8s.io/v1/namespaces/" + NAMESPACE + "/events";
  private static final MediaType JSON = MediaType.get("application/json");
  private static final int MAX_INSTANCE_LENGTH = 128;

  private final ApiEndpoint api;
  private final String instance;
  private final TimeSource time;

  /**
   * Writes through a client.
   *
   * @param client of {@link ApiClients#write}, which no other writer shares
   * @param podName the reporting instance
   */
  EventClient(ApiEndpoint client, String podName, TimeSource time) {
    this.api = client;
    this.instance =
        podName.length() <= MAX_INSTANCE_LENGTH
            ? podName
            : podName.substring(0, MAX_INSTANCE_LENGTH);
    this.time = time;
  }

  private interface Call {
    Request request() throws IOException;
  }

  @Override
  public EventReply create(EventWrite write) {
    return send(() -> api.request(PATH, Map.of()).post(body(event(write), JSON)).build());
  }

  @Override
  public EventReply patchSeries(EventWrite write) {
    JsonObject patch = new JsonObject();
    patch.add("series", count(write));
    return send(
        () ->
            api.request(PATH + "/" + write.name(), Map.of())
                .patch(body(patch, NodePatcher.MERGE_PATCH))
                .build());
  }

  private JsonObject event(EventWrite write) {
    EventDraft draft = write.draft();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", write.name());
    metadata.addProperty("namespace", NAMESPACE);
    JsonObject event = new JsonObject();
    event.addProperty("apiVersion", "events.k8s.io/v1");
    event.addProperty("kind", "Event");
    event.add("metadata", metadata);
    event.addProperty("eventTime", MicroTime.format(draft.at()));
    event.addProperty("reportingController", REPORTING_CONTROLLER);
    event.addProperty("reportingInstance", instance);
    event.addProperty("action", draft.kind().action());
    event.addProperty("reason", draft.kind().reason());
    event.addProperty("type", draft.kind().warning() ? "Warning" : "Normal");
    event.add("regarding", draft.regarding().json());
    draft.related().ifPresent(related -> event.add("related", related.json()));
    event.addProperty("note", draft.note());
    return event;
  }

  private static JsonObject count(EventWrite write) {
    JsonObject json = new JsonObject();
    json.addProperty("count", write.count());
    json.addProperty("lastObservedTime", MicroTime.format(write.lastObserved()));
    return json;
  }

  private static RequestBody body(JsonObject json, MediaType type) {
    return RequestBody.create(json.toString().getBytes(StandardCharsets.UTF_8), type);
  }

  private EventReply send(Call call) {
    try (Response response = api.http().newCall(call.request()).execute()) {
      if (!response.isSuccessful()) {
        return refused(ApiFailure.of(response, time));
      }
      // Closed before its end, it would cost another frame, and be a cancelled request to the
      // server.
      response.body().source().readAll(Okio.blackhole());
      return EventReply.WRITTEN;
    } catch (FencedException e) {
      return new EventReply(Outcome.NOT_LEADING, e.getMessage(), Duration.ZERO);
    } catch (IOException | RuntimeException e) {
      // Credential plug-ins throw unchecked exceptions.
      return new EventReply(Outcome.UNAVAILABLE, ApiFailure.of(e).message(), Duration.ZERO);
    }
  }

  private static EventReply refused(ApiFailure why) {
    return new EventReply(outcome(why), why.message(), why.retryAfter());
  }

  private static Outcome outcome(ApiFailure why) {
    if (why.throttled()) {
      return Outcome.THROTTLED;
    }
    return switch (why.code()) {
      case 401 -> Outcome.FORBIDDEN;
      // Names are unique: an earlier try was committed, its reply was lost.
      case 409 -> Outcome.WRITTEN;
      case 403 -> why.deniedByAdmission() ? Outcome.REJECTED : Outcome.FORBIDDEN;
      default -> why.code() >= 500 || why.code() == 408 ? Outcome.UNAVAILABLE : Outcome.REJECTED;
    };
  }
}
