// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.sim.model.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes each write of the controller on a real kube-apiserver, too: on the same object, which is
 * brought into the state that it has on the embedded API. Codes and changes must be the same.
 */
final class RealWrites implements ControllerRequests.Witness {
  private static final String JSON = "application/json";

  /** What each server gives an object of its own. */
  private static final Set<String> SERVER_FIELDS =
      Set.of("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields");

  /** A server has no such version any more. */
  private static final String OLD_VERSION = "1";

  /** The API server's own note about a DaemonSet, which nothing reads. */
  private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

  private static final Pattern QUANTITIES =
      Pattern.compile("\\.(capacity|allocatable|requests|limits)\\.");

  private final Api api;

  RealWrites(Api api) {
    this.api = api;
  }

  /** Makes what must be there before any object of a story. */
  static void prepare(Api api, JsonObject crd) {
    api.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd.toString()).succeeded();
    api.post(
            "/api/v1/namespaces",
            "{\"metadata\": {\"name\": \"%s\"}}".formatted(FaultCluster.NAMESPACE))
        .succeeded();
    Poll.until("the policies", () -> api.get(CacheFeed.POLICIES).code(), code -> code == 200);
  }

  @Override
  public void written(ControllerRequests.Write write) {
    String item = write.target().item();
    Optional<JsonObject> before = bring(item, write.target(), write.before());
    Api.Reply reply =
        api.send(write.method(), write.path(), write.type(), translated(write, before).toString());
    assertEquals(write.code(), reply.code(), () -> text(write) + "\n" + reply.body());
    Optional<JsonObject> after = get(item);
    if (write.before().isEmpty() && after.isPresent()) {
      // A server adds defaults to a new object.
      Map<String, String> real = values(after);
      values(write.after())
          .forEach((path, value) -> assertEquals(value, real.get(path), text(write) + "\n" + path));
    } else {
      assertEquals(
          changes(write.before(), write.after()), changes(before, after), () -> text(write));
    }
  }

  private static String text(ControllerRequests.Write write) {
    return write.method() + " " + write.path() + " " + write.body();
  }

  private Optional<JsonObject> get(String item) {
    Api.Reply reply = api.get(item);
    return reply.code() == 404 ? Optional.empty() : Optional.of(reply.succeeded().json());
  }

  /** Gives the real object the state of the embedded one. */
  private Optional<JsonObject> bring(
      String item, RequestTarget target, Optional<JsonObject> wanted) {
    Optional<JsonObject> present = get(item);
    boolean same = isBeingDeleted(present) == isBeingDeleted(wanted) && wanted.isPresent();
    if (present.isPresent() && !same) {
      remove(item, present.get());
      present = Optional.empty();
    }
    if (wanted.isEmpty() || (present.isPresent() && values(present).equals(values(wanted)))) {
      return present;
    }
    JsonObject object = wanted.get().deepCopy();
    JsonObject metadata = object.getAsJsonObject("metadata");
    SERVER_FIELDS.forEach(metadata::remove);
    metadata.remove("deletionTimestamp");
    metadata.remove("deletionGracePeriodSeconds");
    if (present.isEmpty()) {
      api.post(target.collectionOfNamespace(), object.toString()).succeeded();
    } else {
      put(item, "", object);
    }
    if (object.has("status")) {
      put(item, "/status", object);
    }
    if (isBeingDeleted(wanted)) {
      api.delete(item).succeeded();
    }
    return get(item);
  }

  private void put(String item, String subresource, JsonObject object) {
    String version = Json.string(get(item).orElseThrow(), "metadata", "resourceVersion");
    object.getAsJsonObject("metadata").addProperty("resourceVersion", version);
    api.send("PUT", item + subresource, JSON, object.toString()).succeeded();
  }

  private void remove(String item, JsonObject present) {
    if (!Json.strings(present, "metadata", "finalizers").isEmpty()) {
      api.merge(item, "{\"metadata\": {\"finalizers\": null}}").succeeded();
    }
    api.delete(item);
    assertTrue(get(item).isEmpty(), () -> item + " stays");
  }

  private static boolean isBeingDeleted(Optional<JsonObject> object) {
    return object
        .filter(o -> !Json.string(o, "metadata", "deletionTimestamp").isEmpty())
        .isPresent();
  }

  /** The body with the uid and the version that the real server has given the object. */
  private static JsonElement translated(ControllerRequests.Write write, Optional<JsonObject> real) {
    JsonElement body = JsonParser.parseString(write.body());
    return write.before().isEmpty() || real.isEmpty()
        ? body
        : translated("", body, write.before().get(), real.get());
  }

  private static JsonElement translated(
      String field, JsonElement element, JsonObject embedded, JsonObject real) {
    if (element instanceof JsonArray items) {
      JsonArray translated = new JsonArray();
      items.forEach(item -> translated.add(translated(field, item, embedded, real)));
      return translated;
    }
    if (element instanceof JsonObject object) {
      JsonObject translated = new JsonObject();
      object
          .entrySet()
          .forEach(
              e ->
                  translated.add(e.getKey(), translated(e.getKey(), e.getValue(), embedded, real)));
      return translated;
    }
    boolean version = field.equals("resourceVersion");
    if (!version && !field.equals("uid")) {
      return element;
    }
    if (element.getAsString().equals(Json.string(embedded, "metadata", field))) {
      return new JsonPrimitive(Json.string(real, "metadata", field));
    }
    return version ? new JsonPrimitive(OLD_VERSION) : element;
  }

  /** The new value of each field that has another one than before. */
  private static Map<String, String> changes(
      Optional<JsonObject> before, Optional<JsonObject> after) {
    if (after.isEmpty()) {
      return Map.of("", "gone");
    }
    Map<String, String> old = values(before);
    Map<String, String> now = values(after);
    Map<String, String> changes = new TreeMap<>();
    old.keySet().stream()
        .filter(path -> !now.containsKey(path))
        .forEach(path -> changes.put(path, "gone"));
    now.forEach(
        (path, value) -> {
          if (!value.equals(old.get(path))) {
            changes.put(path, value);
          }
        });
    return changes;
  }

  private static Map<String, String> values(Optional<JsonObject> object) {
    Map<String, String> values = new TreeMap<>();
    object.ifPresent(
        o -> {
          JsonObject rest = o.deepCopy();
          JsonObject metadata = rest.getAsJsonObject("metadata");
          SERVER_FIELDS.forEach(metadata::remove);
          metadata.remove("deletionTimestamp");
          Json.childObject(metadata, "annotations").remove(TEMPLATE_GENERATION);
          collect("", rest, values);
        });
    return values;
  }

  private static void collect(String path, JsonElement element, Map<String, String> values) {
    if (element instanceof JsonObject object) {
      object.entrySet().forEach(e -> collect(path + "." + e.getKey(), e.getValue(), values));
    } else if (element instanceof JsonArray items) {
      for (int i = 0; i < items.size(); i++) {
        collect(path + "[" + i + "]", items.get(i), values);
      }
    } else if (!element.isJsonNull()) {
      String value = element.getAsString();
      // A server writes a quantity in its own form at the first write.
      boolean quantity = QUANTITIES.matcher(path).find();
      values.put(path, quantity ? Quantity.parse(value).milliCeil() + "m" : value);
    }
  }
}
