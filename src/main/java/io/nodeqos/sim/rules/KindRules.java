// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.ResourceType.Trait;
import java.util.List;

/**
 * The strategy of a kind for an object that is written: which request may write the spec and the
 * status, defaults, and the canonical form. Follows {@code pkg/registry} of k8s.io/kubernetes for
 * the built-in kinds and {@code apiextensions-apiserver} for custom resources.
 */
public final class KindRules {
  private KindRules() {}

  /** A new object: the client's status counts only where kubelets register with one (Nodes). */
  public static void onCreate(ResourceType type, JsonObject object) {
    if (type.is(Trait.STATUS) && !type.is("", "nodes")) {
      object.remove("status");
    }
    if (type.is("", "pods")) {
      podDefaults(object);
    } else if (type.is("", "namespaces")) {
      namespaceDefaults(object);
    } else if (type.is("apps", "daemonsets")) {
      object.add("status", zeroes());
    } else if (type.is("events.k8s.io", "events")) {
      EventRules.onCreate(type, object);
    } else if (type.is("apps", "controllerrevisions")) {
      RevisionRules.onCreate(type, object);
    }
  }

  /** A write of the object itself: its status stays. */
  public static void onUpdate(ResourceType type, JsonObject old, JsonObject next) {
    if (type.is(Trait.STATUS)) {
      Json.copyField("status", old, next);
    }
    if (type.is("events.k8s.io", "events")) {
      EventRules.onUpdate(type, old, next);
    } else if (type.is("apps", "controllerrevisions")) {
      RevisionRules.onUpdate(type, old, next);
    }
  }

  /** Increases metadata.generation when the finished write changes the spec. */
  public static void countGeneration(ResourceType type, JsonObject old, JsonObject next) {
    if (type.is(Trait.GENERATION) && !specOf(type, old).equals(specOf(type, next))) {
      MetadataRules.raiseGeneration(next);
    }
  }

  /**
   * A write of the status subresource. Of built-in kinds it may also change metadata (labels and
   * annotations of a Node, for one); of a custom resource only the status.
   */
  public static void onStatusUpdate(ResourceType type, JsonObject old, JsonObject next) {
    if (type.is(Trait.CUSTOM)) {
      for (String field : List.copyOf(next.keySet())) {
        if (!field.equals("status")) {
          next.remove(field);
        }
      }
      for (String field : old.keySet()) {
        if (!field.equals("status")) {
          next.add(field, old.get(field));
        }
      }
      return;
    }
    Json.copyField("spec", old, next);
    if (type.is("", "pods")) {
      Json.copyField(
          "ownerReferences", Json.object(old, "metadata"), Json.object(next, "metadata"));
    }
  }

  /** The fields whose changes metadata.generation counts. */
  private static JsonObject specOf(ResourceType type, JsonObject object) {
    JsonObject spec = new JsonObject();
    for (String field : object.keySet()) {
      boolean counts =
          type.is(Trait.CUSTOM)
              ? !field.equals("metadata") && !(field.equals("status") && type.is(Trait.STATUS))
              : field.equals("spec");
      if (counts) {
        spec.add(field, object.get(field));
      }
    }
    return spec;
  }

  /** Brings an object to the form in which the server returns it. */
  public static void normalise(ResourceType type, JsonObject object) {
    if (type.is(Trait.CUSTOM)
        || type.is("apiextensions.k8s.io", "customresourcedefinitions")
        || type.is("apps", "controllerrevisions")) {
      // An empty list or a null can mean something there, for one as a schema's default; and the
      // data of a revision have no schema.
      dropEmpty(Json.object(object, "metadata"));
      return;
    }
    dropEmpty(object);
    switch (type.names().plural()) {
      case "nodes" -> {
        canonicalise(Json.object(object, "status", "capacity"), "status.capacity");
        canonicalise(Json.object(object, "status", "allocatable"), "status.allocatable");
        NodeRules.complete(object);
        NodeRules.check(type, object);
      }
      case "pods" -> podQuantities(Json.object(object, "spec"));
      case "daemonsets", "deployments" ->
          podQuantities(Json.object(object, "spec", "template", "spec"));
      case "leases" -> LeaseRules.normalise(type, object);
      case "events" -> EventRules.normalise(type, object);
      default -> {}
    }
  }

  private static void podQuantities(JsonObject podSpec) {
    for (String list : List.of("containers", "initContainers")) {
      for (JsonObject container : Json.objects(podSpec, list)) {
        for (String side : List.of("requests", "limits")) {
          canonicalise(Json.object(container, "resources", side), "resources." + side);
        }
      }
    }
  }

  private static void canonicalise(JsonObject quantities, String path) {
    if (quantities == null) {
      return;
    }
    for (String name : List.copyOf(quantities.keySet())) {
      String text = Json.string(quantities, name);
      String canonical =
          QuantityRules.canonical(text)
              .orElseThrow(
                  () ->
                      new ApiException(
                          ApiStatus.badRequest(
                              path
                                  + ": quantities must match the regular expression"
                                  + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")));
      quantities.addProperty(name, canonical);
    }
  }

  /** Removes nulls and empty lists, and the metadata maps when empty, as typed encoders do. */
  private static void dropEmpty(JsonObject object) {
    if (object == null) {
      return;
    }
    for (String field : List.copyOf(object.keySet())) {
      JsonElement value = object.get(field);
      if (value.isJsonObject()) {
        dropEmpty(value.getAsJsonObject());
        boolean map = field.equals("labels") || field.equals("annotations");
        if (map && value.getAsJsonObject().isEmpty()) {
          object.remove(field);
        }
      } else if (value.isJsonArray()) {
        dropEmptyItems(object, field, value.getAsJsonArray());
      } else if (value.isJsonNull()) {
        object.remove(field);
      }
    }
  }

  private static void dropEmptyItems(JsonObject object, String field, JsonArray array) {
    if (array.isEmpty()) {
      object.remove(field);
    }
    for (JsonElement item : array) {
      if (item.isJsonObject()) {
        dropEmpty(item.getAsJsonObject());
      }
    }
  }

  private static void podDefaults(JsonObject pod) {
    JsonObject spec = Json.childObject(pod, "spec");
    addDefault(spec, "restartPolicy", "Always");
    addDefault(spec, "dnsPolicy", "ClusterFirst");
    addDefault(spec, "schedulerName", "default-scheduler");
    if (!spec.has("terminationGracePeriodSeconds")) {
      spec.addProperty("terminationGracePeriodSeconds", 30);
    }
    JsonObject status = new JsonObject();
    status.addProperty("phase", "Pending");
    pod.add("status", status);
  }

  private static void addDefault(JsonObject object, String field, String value) {
    if (!object.has(field)) {
      object.addProperty(field, value);
    }
  }

  private static void namespaceDefaults(JsonObject namespace) {
    Json.childObject(namespace, "spec").add("finalizers", Json.arrayOf(List.of("kubernetes")));
    JsonObject metadata = Json.object(namespace, "metadata");
    Json.childObject(metadata, "labels")
        .addProperty("kubernetes.io/metadata.name", Json.string(metadata, "name"));
    JsonObject status = new JsonObject();
    status.addProperty("phase", "Active");
    namespace.add("status", status);
  }

  private static JsonObject zeroes() {
    JsonObject status = new JsonObject();
    for (String count :
        List.of(
            "currentNumberScheduled",
            "desiredNumberScheduled",
            "numberMisscheduled",
            "numberReady")) {
      status.addProperty(count, 0);
    }
    return status;
  }
}
