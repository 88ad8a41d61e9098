// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.ResourceType.Trait;
import io.nodeqos.sim.rules.MetadataRules;
import io.nodeqos.sim.store.ObjectStore;
import io.nodeqos.sim.store.StoredObject;
import java.util.Optional;

/**
 * Deletes objects: at once, or later when finalizers hold them or a kubelet must first stop the
 * Pod. The content of a deleted Namespace is deleted with it, as if its controller ran; there is no
 * other garbage collection.
 */
public final class ResourceDeleter {
  private final ObjectStore store;
  private final ResourceRegistry registry;
  private final MetadataRules metadata;
  private final CustomResources customResources;

  public ResourceDeleter(
      ObjectStore store,
      ResourceRegistry registry,
      MetadataRules metadata,
      CustomResources customResources) {
    this.store = store;
    this.registry = registry;
    this.metadata = metadata;
    this.customResources = customResources;
  }

  /**
   * Deletes the object or marks it.
   *
   * @param options the DeleteOptions of the request; may be empty
   * @return the reply's body: the object when it still exists or its kind answers so, else a Status
   */
  JsonObject delete(ResourceType type, ObjectKey key, JsonObject options, boolean dryRun) {
    while (true) {
      StoredObject current =
          store
              .get(type.storage(), key)
              .orElseThrow(() -> new ApiException(ApiStatus.notFound(type, key.name())));
      JsonObject object = current.parse();
      checkPreconditions(type, object, options);
      boolean marked = mark(type, object, options);
      if (dryRun) {
        return reply(type, object, current, !marked);
      }
      if (ResourceWriter.isFinished(object)) {
        Optional<StoredObject> deleted = store.delete(type, current, object);
        if (deleted.isPresent()) {
          customResources.afterDelete(type, deleted.get());
          return reply(type, object, current, true);
        }
      } else if (!marked) {
        return reply(type, object, current, false);
      } else {
        Optional<StoredObject> replaced = store.replace(type, current, object);
        if (replaced.isPresent()) {
          JsonObject answer = reply(type, replaced.get().parse(), replaced.get(), false);
          if (type.is("", "namespaces")) {
            finishNamespace(key);
          }
          return answer;
        }
      }
    }
  }

  /** Sets the deletion fields; false when they are set already and stay unchanged. */
  private boolean mark(ResourceType type, JsonObject object, JsonObject options) {
    JsonObject meta = Json.object(object, "metadata");
    boolean first = !meta.has("deletionTimestamp");
    long grace = gracePeriod(type, object, options);
    boolean shorter = grace < Json.number(meta, 0, "deletionGracePeriodSeconds");
    if (!first && !shorter) {
      return false;
    }
    if (first) {
      meta.addProperty("deletionTimestamp", metadata.now());
      if (meta.has("generation")) {
        MetadataRules.raiseGeneration(object);
      }
    }
    meta.addProperty("deletionGracePeriodSeconds", grace);
    if (type.is("", "namespaces")) {
      Json.childObject(object, "status").addProperty("phase", "Terminating");
    }
    return true;
  }

  /** Only a Pod that a kubelet may be running is given time. */
  private static long gracePeriod(ResourceType type, JsonObject object, JsonObject options) {
    String phase = Json.string(object, "status", "phase");
    boolean runs =
        type.is("", "pods")
            && !Json.string(object, "spec", "nodeName").isEmpty()
            && !phase.equals("Failed")
            && !phase.equals("Succeeded");
    if (!runs) {
      return 0;
    }
    long usual = Json.number(object, 30, "spec", "terminationGracePeriodSeconds");
    return Json.number(options, usual, "gracePeriodSeconds");
  }

  private static void checkPreconditions(ResourceType type, JsonObject object, JsonObject options) {
    check(type, object, "UID", "uid", Json.string(options, "preconditions", "uid"));
    check(
        type,
        object,
        "ResourceVersion",
        "resourceVersion",
        Json.string(options, "preconditions", "resourceVersion"));
  }

  private static void check(
      ResourceType type, JsonObject object, String label, String field, String wanted) {
    String actual = Json.string(object, "metadata", field);
    if (!wanted.isEmpty() && !wanted.equals(actual)) {
      String name = Json.string(object, "metadata", "name");
      throw new ApiException(ApiStatus.preconditionFailed(type, name, label, wanted, actual));
    }
  }

  private void finishNamespace(ObjectKey key) {
    for (ResourceType type : registry.all()) {
      if (type.is(Trait.NAMESPACED) && type.isStoredForm()) {
        for (StoredObject object : store.snapshot(type.storage()).objects()) {
          if (object.key().namespace().equals(key.name())) {
            store.delete(type, object, object.parse());
          }
        }
      }
    }
    ResourceType namespaces = BuiltInResources.NAMESPACES;
    store
        .get(namespaces.storage(), key)
        .ifPresent(
            current -> {
              JsonObject last = current.parse();
              if (Json.array(last, "metadata", "finalizers").isEmpty()) {
                Json.object(last, "spec").remove("finalizers");
                store.delete(namespaces, current, last);
              }
            });
  }

  private static JsonObject reply(
      ResourceType type, JsonObject object, StoredObject current, boolean gone) {
    if (!gone || type.is(Trait.RETURNS_DELETED)) {
      byte[] json = gone ? current.json() : Json.encode(object);
      return type.presentJson(json);
    }
    JsonObject status = new JsonObject();
    status.addProperty("kind", "Status");
    status.addProperty("apiVersion", "v1");
    status.add("metadata", new JsonObject());
    status.addProperty("status", "Success");
    JsonObject details = ApiStatus.details(type, current.key().name());
    details.addProperty("uid", Json.string(object, "metadata", "uid"));
    status.add("details", details);
    return status;
  }
}
