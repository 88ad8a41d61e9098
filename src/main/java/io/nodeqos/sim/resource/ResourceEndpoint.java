// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.ResourceType.Trait;
import io.nodeqos.sim.patch.Patches;
import io.nodeqos.sim.request.ApiPath;
import io.nodeqos.sim.request.ApiRequest;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.Reply;
import io.nodeqos.sim.request.Representation;
import io.nodeqos.sim.request.WatchStream;
import io.nodeqos.sim.rules.MetadataShape;
import io.nodeqos.sim.store.FieldSelector;
import io.nodeqos.sim.store.LabelSelector;
import io.nodeqos.sim.store.ObjectStore;
import io.nodeqos.sim.store.Selector;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Answers the requests for resources: verb, parameters and form of the reply. */
public final class ResourceEndpoint {
  private static final long MIN_DEFAULT_TIMEOUT_SECONDS = 1800;

  private final ResourceRegistry registry;
  private final ObjectStore store;
  private final ResourceReader reader;
  private final ResourceWriter writer;
  private final ResourceDeleter deleter;
  private final Settings settings;

  /** The time source and the time between two bookmarks of a watch. */
  public record Settings(TimeSource time, Duration bookmarkInterval) {}

  public ResourceEndpoint(
      ResourceRegistry registry,
      ObjectStore store,
      ResourceReader reader,
      ResourceWriter writer,
      ResourceDeleter deleter,
      Settings settings) {
    this.registry = registry;
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.deleter = deleter;
    this.settings = settings;
  }

  /**
   * @throws ApiException for every refusal
   */
  public Reply answer(ApiRequest request, ApiPath path) {
    Optional<ResourceType> found = registry.find(path.group(), path.version(), path.resource());
    if (found.isEmpty()) {
      return Reply.text(404, "404 page not found\n");
    }
    ResourceType type = found.get();
    checkScope(type, path, request.info().verb());
    Representation representation =
        Representation.negotiate(
            request.content().accept(), request.parameter("includeObject"), settings.time());
    ObjectKey key = new ObjectKey(path.namespace(), path.name());
    return switch (request.info().verb()) {
      case "get" -> get(type, key, representation);
      case "list" -> reader.list(request, type, selector(request, type, path), representation);
      case "watch" -> watch(request, type, selector(request, type, path), representation);
      case "create" -> create(request, type, key, representation);
      case "update" -> update(request, type, path, representation);
      case "patch" -> patch(request, type, path, representation);
      case "delete" -> delete(request, type, key);
      case "deletecollection" -> deleteCollection(request, type, path);
      default -> throw new ApiException(ApiStatus.methodNotAllowed());
    };
  }

  private static void checkScope(ResourceType type, ApiPath path, String verb) {
    boolean status = path.subresource().equals("status") && type.is(Trait.STATUS);
    if (!path.subresource().isEmpty() && !status) {
      throw new ApiException(ApiStatus.pathNotFound());
    }
    boolean namespaced = type.is(Trait.NAMESPACED);
    if (!namespaced && !path.namespace().isEmpty()) {
      throw new ApiException(ApiStatus.pathNotFound());
    }
    boolean acrossNamespaces = verb.equals("list") || verb.equals("watch");
    if (namespaced && path.namespace().isEmpty() && !acrossNamespaces) {
      throw new ApiException(
          path.name().isEmpty() ? ApiStatus.methodNotAllowed() : ApiStatus.pathNotFound());
    }
    boolean creates = verb.equals("create");
    boolean unnamed = verb.equals("update") || verb.equals("patch") || verb.equals("delete");
    if ((creates && !path.name().isEmpty()) || (unnamed && path.name().isEmpty())) {
      throw new ApiException(ApiStatus.methodNotAllowed());
    }
  }

  private Reply get(ResourceType type, ObjectKey key, Representation representation) {
    StoredObject found =
        store
            .get(type.storage(), key)
            .orElseThrow(() -> new ApiException(ApiStatus.notFound(type, key.name())));
    return Reply.json(
        200,
        representation.object(type, found.json()),
        new Reply.ObjectVersion(key.name(), Long.toString(found.version())));
  }

  private Reply watch(
      ApiRequest request, ResourceType type, Selector selector, Representation representation) {
    boolean bookmarks = request.flag("allowWatchBookmarks");
    boolean initialEvents = request.flag("sendInitialEvents");
    long version = request.number("resourceVersion", 0);
    Duration timeout =
        Duration.ofSeconds(
            request.number(
                "timeoutSeconds",
                ThreadLocalRandom.current()
                    .nextLong(MIN_DEFAULT_TIMEOUT_SECONDS, 2 * MIN_DEFAULT_TIMEOUT_SECONDS)));
    int cutAfter =
        request.fault().orElse(null) instanceof Fault.CutWatch cut ? cut.afterEvents() : -1;
    boolean fromNow = version == 0 || initialEvents;
    return new Reply.Stream(
        new WatchStream(
            store,
            new WatchStream.Options(
                type,
                selector,
                representation,
                new WatchStream.Start(fromNow ? -1 : version, initialEvents && bookmarks),
                new WatchStream.Timing(
                    timeout,
                    bookmarks ? Optional.of(settings.bookmarkInterval()) : Optional.empty()),
                cutAfter)));
  }

  private Reply create(
      ApiRequest request, ResourceType type, ObjectKey key, Representation representation) {
    JsonObject object = object(request, type);
    return written(type, writer.create(type, key, object, options(request)), representation);
  }

  private Reply update(
      ApiRequest request, ResourceType type, ApiPath path, Representation representation) {
    JsonObject object = object(request, type);
    return written(
        type, writer.update(target(type, path), object, options(request)), representation);
  }

  private Reply patch(
      ApiRequest request, ResourceType type, ApiPath path, Representation representation) {
    var change = Patches.of(type, request.content().contentType(), request.content().body());
    return written(
        type, writer.change(target(type, path), change, options(request)), representation);
  }

  private static ResourceWriter.Target target(ResourceType type, ApiPath path) {
    return new ResourceWriter.Target(
        type, new ObjectKey(path.namespace(), path.name()), path.subresource());
  }

  private static ResourceWriter.Options options(ApiRequest request) {
    return new ResourceWriter.Options(
        request.dryRun(), request.parameter("fieldValidation").equals("Strict"));
  }

  private Reply delete(ApiRequest request, ResourceType type, ObjectKey key) {
    JsonObject answer = deleter.delete(type, key, deleteOptions(request), request.dryRun());
    return Reply.json(
        200,
        Json.encode(answer),
        new Reply.ObjectVersion(key.name(), Json.string(answer, "metadata", "resourceVersion")));
  }

  private Reply deleteCollection(ApiRequest request, ResourceType type, ApiPath path) {
    Selector selector = selector(request, type, path);
    List<byte[]> deleted = new ArrayList<>();
    ObjectStore.Snapshot snapshot = store.snapshot(type.storage());
    for (StoredObject object : snapshot.objects()) {
      if (selector.matches(object)) {
        try {
          deleter.delete(type, object.key(), deleteOptions(request), request.dryRun());
          deleted.add(object.json());
        } catch (ApiException e) {
          if (e.status().code() != 404) {
            throw e;
          }
        }
      }
    }
    JsonObject metadata = new JsonObject();
    metadata.addProperty("resourceVersion", Long.toString(store.version()));
    Representation whole = new Representation(Representation.Kind.OBJECT, "None", settings.time());
    return new Reply.Body(
        200,
        "application/json",
        whole.list(type, deleted, metadata),
        Map.of(),
        Reply.ObjectVersion.NONE);
  }

  private static JsonObject object(ApiRequest request, ResourceType type) {
    JsonObject object = request.object();
    String kind = Json.string(object, "kind");
    String apiVersion = Json.string(object, "apiVersion");
    boolean other = !kind.isEmpty() && !kind.equals(type.names().kind());
    if (other || (!apiVersion.isEmpty() && !apiVersion.equals(type.apiVersion()))) {
      throw new ApiException(
          ApiStatus.badRequest(
              "the API version in the data ("
                  + apiVersion
                  + ", Kind="
                  + kind
                  + ") does not match the expected API version ("
                  + type.apiVersion()
                  + ", Kind="
                  + type.names().kind()
                  + ")"));
    }
    object.addProperty("kind", type.names().kind());
    object.addProperty("apiVersion", type.apiVersion());
    MetadataShape.checkSent(object);
    return object;
  }

  private static JsonObject deleteOptions(ApiRequest request) {
    if (request.content().body().length > 0) {
      try {
        return Json.parseObject(request.content().body());
      } catch (JsonParseException | IllegalStateException e) {
        throw new ApiException(ApiStatus.badRequest("json parse error: " + e.getMessage()));
      }
    }
    JsonObject options = new JsonObject();
    String grace = request.parameter("gracePeriodSeconds");
    if (!grace.isEmpty()) {
      options.addProperty("gracePeriodSeconds", grace);
    }
    return options;
  }

  private static Selector selector(ApiRequest request, ResourceType type, ApiPath path) {
    return new Selector(
        path.namespace(),
        LabelSelector.parse(request.parameter("labelSelector")),
        FieldSelector.parse(request.parameter("fieldSelector"), type));
  }

  private static Reply written(
      ResourceType type, ResourceWriter.Written written, Representation representation) {
    JsonObject metadata = Json.object(Json.parseObject(written.json()), "metadata");
    Map<String, String> headers = new HashMap<>();
    if (!written.warnings().isEmpty()) {
      headers.put("Warning", "299 - \"" + written.warnings().get(0).replace("\"", "\\\"") + "\"");
    }
    return new Reply.Body(
        written.code(),
        "application/json",
        List.of(representation.object(type, written.json())),
        headers,
        new Reply.ObjectVersion(
            Json.string(metadata, "name"), Json.string(metadata, "resourceVersion")));
  }
}
