// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.ResourceType.Trait;
import io.nodeqos.sim.rules.MetadataRules;
import io.nodeqos.sim.store.ObjectStore;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.table.CustomColumns;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Serves what CustomResourceDefinitions define, as soon as they are written. */
public final class CustomResources {
  static final String GROUP = "apiextensions.k8s.io";
  static final String PLURAL = "customresourcedefinitions";

  private final ObjectStore store;
  private final ResourceRegistry registry;
  private final MetadataRules metadata;

  public CustomResources(ObjectStore store, ResourceRegistry registry, MetadataRules metadata) {
    this.store = store;
    this.registry = registry;
    this.metadata = metadata;
  }

  /**
   * Refuses a definition that could not be served.
   *
   * @throws ApiException 422 with the problem
   */
  void check(ResourceType type, JsonObject definition) {
    if (!type.is(GROUP, PLURAL)) {
      return;
    }
    List<Cause> causes = new ArrayList<>();
    String name = Json.string(definition, "metadata", "name");
    String wanted =
        Json.string(definition, "spec", "names", "plural")
            + "."
            + Json.string(definition, "spec", "group");
    if (!name.equals(wanted)) {
      causes.add(
          Cause.invalid(
              "metadata.name", "\"" + name + "\": must be spec.names.plural+\".\"+spec.group"));
    }
    List<JsonObject> versions = Json.objects(definition, "spec", "versions");
    for (int i = 0; i < versions.size(); i++) {
      if (Json.object(versions.get(i), "schema", "openAPIV3Schema") == null) {
        causes.add(Cause.required("spec.versions[" + i + "].schema.openAPIV3Schema"));
      }
    }
    if (versions.stream().filter(version -> isTrue(version, "storage")).count() != 1) {
      causes.add(
          Cause.invalid(
              "spec.versions", "must have exactly one version marked as storage version"));
    }
    if (!causes.isEmpty()) {
      throw new ApiException(ApiStatus.invalid(type, name, causes));
    }
  }

  /** Applies a write of a definition; does nothing for other types. */
  void afterWrite(ResourceType type, StoredObject written) {
    if (!type.is(GROUP, PLURAL)) {
      return;
    }
    JsonObject definition = written.parse();
    List<ResourceType> served = new ArrayList<>();
    for (JsonObject version : Json.objects(definition, "spec", "versions")) {
      if (isTrue(version, "served")) {
        served.add(resourceType(definition, version));
      }
    }
    registry.replaceCustom(group(definition), plural(definition), served);
    establish(type, written);
  }

  /** Applies a deletion of a definition: its objects are deleted and it is no longer served. */
  void afterDelete(ResourceType type, StoredObject deleted) {
    if (!type.is(GROUP, PLURAL)) {
      return;
    }
    JsonObject definition = deleted.parse();
    List<ResourceType> gone =
        registry.all().stream()
            .filter(
                served ->
                    served.is(Trait.CUSTOM)
                        && served.is(group(definition), plural(definition))
                        && served.isStoredForm())
            .toList();
    registry.replaceCustom(group(definition), plural(definition), List.of());
    for (ResourceType served : gone) {
      for (StoredObject object : store.snapshot(served.storage()).objects()) {
        store.delete(served, object, object.parse());
      }
    }
  }

  /** Simulates the naming and establishing controllers. */
  private void establish(ResourceType type, StoredObject written) {
    JsonObject definition = written.parse();
    JsonObject status = Json.childObject(definition, "status");
    JsonObject names = Json.object(definition, "spec", "names").deepCopy();
    boolean established =
        names.equals(Json.object(status, "acceptedNames"))
            && !Json.array(status, "conditions").isEmpty();
    if (established) {
      return;
    }
    status.add("acceptedNames", names);
    JsonArray conditions = new JsonArray();
    conditions.add(condition("NamesAccepted", "NoConflicts", "no conflicts found"));
    conditions.add(
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"));
    status.add("conditions", conditions);
    for (JsonObject version : Json.objects(definition, "spec", "versions")) {
      if (isTrue(version, "storage")) {
        status.add("storedVersions", Json.arrayOf(List.of(Json.string(version, "name"))));
      }
    }
    Optional<StoredObject> replaced = store.replace(type, written, definition);
    if (replaced.isEmpty()) {
      store.get(type.storage(), written.key()).ifPresent(current -> establish(type, current));
    }
  }

  private JsonObject condition(String type, String reason, String message) {
    JsonObject condition = new JsonObject();
    condition.addProperty("type", type);
    condition.addProperty("status", "True");
    condition.addProperty("lastTransitionTime", metadata.now());
    condition.addProperty("reason", reason);
    condition.addProperty("message", message);
    return condition;
  }

  private static ResourceType resourceType(JsonObject definition, JsonObject version) {
    Set<Trait> traits = EnumSet.of(Trait.CUSTOM, Trait.GENERATION);
    if (Json.string(definition, "spec", "scope").equals("Namespaced")) {
      traits.add(Trait.NAMESPACED);
    }
    if (Json.object(version, "subresources", "status") != null) {
      traits.add(Trait.STATUS);
    }
    List<String> selectable =
        Json.objects(version, "selectableFields").stream()
            .map(field -> Json.string(field, "jsonPath").replaceFirst("^\\.", ""))
            .toList();
    String name = Json.string(version, "name");
    return new ResourceType(
        group(definition),
        name,
        names(Json.object(definition, "spec", "names")),
        Set.copyOf(traits),
        selectable,
        new ResourceType.Form(
            CustomColumns.of(Json.objects(version, "additionalPrinterColumns")),
            Json.object(version, "schema", "openAPIV3Schema"),
            view(group(definition) + "/" + name, storedVersion(definition))));
  }

  private static String storedVersion(JsonObject definition) {
    return Json.objects(definition, "spec", "versions").stream()
        .filter(version -> isTrue(version, "storage"))
        .map(version -> group(definition) + "/" + Json.string(version, "name"))
        .findFirst()
        .orElseThrow();
  }

  private static ResourceType.View view(String presented, String stored) {
    return new ResourceType.View(
        stored,
        object -> withApiVersion(object, stored),
        object -> withApiVersion(object, presented));
  }

  private static JsonObject withApiVersion(JsonObject object, String apiVersion) {
    object.addProperty("apiVersion", apiVersion);
    return object;
  }

  private static ResourceType.Names names(JsonObject names) {
    String kind = Json.string(names, "kind");
    String singular = Json.string(names, "singular");
    String listKind = Json.string(names, "listKind");
    return new ResourceType.Names(
        Json.string(names, "plural"),
        singular.isEmpty() ? kind.toLowerCase(java.util.Locale.ROOT) : singular,
        kind,
        listKind.isEmpty() ? kind + "List" : listKind,
        Json.strings(names, "shortNames"),
        Json.strings(names, "categories"));
  }

  private static String group(JsonObject definition) {
    return Json.string(definition, "spec", "group");
  }

  private static String plural(JsonObject definition) {
    return Json.string(definition, "spec", "names", "plural");
  }

  private static boolean isTrue(JsonObject object, String field) {
    return Json.string(object, field).equals("true");
  }
}
