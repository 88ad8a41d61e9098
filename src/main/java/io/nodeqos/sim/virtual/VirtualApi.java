// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.virtual;

import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetApi;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.request.ApiPath;
import io.nodeqos.sim.request.ApiRequest;
import io.nodeqos.sim.request.Reply;
import io.nodeqos.sim.request.RequestInfo;
import io.nodeqos.sim.resource.ClusterResources;
import io.nodeqos.sim.resource.ResourceEndpoint;
import io.nodeqos.sim.rules.MetadataRules;
import io.nodeqos.sim.store.ListSnapshots;
import io.nodeqos.sim.store.ObjectStore;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * The embedded API without HTTP, for one thread: the rules, the patches and the store are the same.
 * Uids are drawn from a seed.
 */
public final class VirtualApi implements FleetApi {
  /** No watch goes back. */
  private static final int WINDOW = 1;

  private final ObjectStore store;
  private final ClusterResources resources;

  private VirtualApi(ObjectStore store, ClusterResources resources) {
    this.store = store;
    this.resources = resources;
  }

  public static VirtualApi of(TimeSource time, long seed) {
    Random random = new Random(seed);
    ObjectStore store = new ObjectStore(WINDOW, Integer.MAX_VALUE);
    return new VirtualApi(
        store,
        ClusterResources.of(
            store,
            new ListSnapshots(),
            new MetadataRules(time, () -> new UUID(random.nextLong(), random.nextLong())),
            new ResourceEndpoint.Settings(time, Duration.ofMinutes(1))));
  }

  /**
   * A request.
   *
   * @param contentType of the body, empty without one
   */
  public record Call(String method, String path, String contentType, byte[] body) {}

  /** The answer to a request. */
  public record Answer(int code, byte[] body) {}

  public Answer answer(Call call) {
    int question = call.path().indexOf('?');
    String path = question < 0 ? call.path() : call.path().substring(0, question);
    Optional<ApiPath> target = ApiPath.parse(path);
    if (target.isEmpty()) {
      return new Answer(404, new byte[0]);
    }
    ApiPath to = target.get();
    RequestInfo info =
        new RequestInfo(
            verb(call.method(), to),
            to.group(),
            to.resource(),
            to.subresource(),
            to.namespace(),
            to.name(),
            "");
    ApiRequest request =
        new ApiRequest(
            info,
            target,
            path,
            question < 0 ? Map.of() : query(call.path().substring(question + 1)),
            new ApiRequest.Content("application/json", call.contentType(), call.body()),
            Optional.empty());
    try {
      return body(resources.endpoint().answer(request, to));
    } catch (ApiException e) {
      return body(Reply.refusal(e.status()));
    }
  }

  private static Answer body(Reply reply) {
    if (!(reply instanceof Reply.Body body)) {
      throw new IllegalArgumentException("a watch has no place in a simulation");
    }
    if (body.parts().size() == 1) {
      return new Answer(body.code(), body.parts().get(0));
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    body.parts().forEach(whole::writeBytes);
    return new Answer(body.code(), whole.toByteArray());
  }

  private static String verb(String method, ApiPath path) {
    return switch (method) {
      case "GET" -> path.name().isEmpty() ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> throw new IllegalArgumentException("no such method: " + method);
    };
  }

  /** Without escapes: no parameter of a simulation needs any. */
  private static Map<String, String> query(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      query.put(
          equals < 0 ? pair : pair.substring(0, equals),
          equals < 0 ? "" : pair.substring(equals + 1));
    }
    return query;
  }

  @Override
  public FleetClient.Reply get(String path) {
    return reply(answer(new Call("GET", path, "", new byte[0])));
  }

  @Override
  public FleetClient.Reply create(String path, JsonObject object) {
    return reply(answer(new Call("POST", path, "application/json", bytes(object))));
  }

  /** Replaces the object (PUT). */
  public FleetClient.Reply update(String path, JsonObject object) {
    return reply(answer(new Call("PUT", path, "application/json", bytes(object))));
  }

  @Override
  public FleetClient.Reply patch(String path, PatchType type, JsonObject patch) {
    return reply(answer(new Call("PATCH", path, type.contentType(), bytes(patch))));
  }

  @Override
  public FleetClient.Reply delete(String path) {
    return reply(answer(new Call("DELETE", path, "", new byte[0])));
  }

  private static byte[] bytes(JsonObject object) {
    return object.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static FleetClient.Reply reply(Answer answer) {
    return new FleetClient.Reply(answer.code(), Json.parseObject(answer.body()));
  }

  /**
   * Stores an object as it was in another cluster.
   *
   * @param collection path of the collection in all namespaces
   */
  public void restore(String collection, JsonObject object) {
    resources.restore(path(collection), object);
  }

  /** The present objects of a collection, in the order of their names. */
  public List<StoredObject> objects(String collection) {
    return store.snapshot(resources.storage(path(collection))).objects();
  }

  public Optional<StoredObject> object(String collection, String namespace, String name) {
    return store.get(resources.storage(path(collection)), new ObjectKey(namespace, name));
  }

  /** The changes of a collection from now on. */
  public Changes changes(String collection) {
    return new Changes(store.watchFromNow(resources.storage(path(collection))).queue());
  }

  /** Rises with each write. */
  public long version() {
    return store.version();
  }

  private static ApiPath path(String collection) {
    return ApiPath.parse(collection)
        .orElseThrow(() -> new IllegalArgumentException("no collection: " + collection));
  }
}
