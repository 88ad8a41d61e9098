// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.ResourceType.Trait;
import io.nodeqos.sim.rules.KindRules;
import io.nodeqos.sim.rules.MetadataRules;
import io.nodeqos.sim.rules.MetadataShape;
import io.nodeqos.sim.rules.SchemaDefaulter;
import io.nodeqos.sim.rules.SchemaPruner;
import io.nodeqos.sim.rules.SchemaValidator;
import io.nodeqos.sim.store.ObjectStore;
import io.nodeqos.sim.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Creates and updates objects: rules, optimistic locking, schema, store. */
public final class ResourceWriter {
  private final ObjectStore store;
  private final MetadataRules metadata;
  private final CustomResources customResources;

  public ResourceWriter(
      ObjectStore store, MetadataRules metadata, CustomResources customResources) {
    this.store = store;
    this.metadata = metadata;
    this.customResources = customResources;
  }

  /**
   * The target of a write.
   *
   * @param subresource "status" or ""
   */
  record Target(ResourceType type, ObjectKey key, String subresource) {}

  /**
   * The options of a write.
   *
   * @param strict whether unknown fields are refused rather than dropped
   */
  public record Options(boolean dryRun, boolean strict) {}

  /** The object as it is now stored, or would be. */
  record Written(int code, byte[] json, List<String> warnings) {}

  /**
   * @param key its name may be "" for one from the object
   */
  public Written create(ResourceType type, ObjectKey key, JsonObject shown, Options options) {
    requireSameName(key, shown);
    JsonObject object = type.isStoredForm() ? shown : type.form().view().toStored().apply(shown);
    requireNamespace(type, key.namespace());
    metadata.onCreate(type, key.namespace(), object);
    KindRules.onCreate(type, object);
    KindRules.normalise(type, object);
    customResources.check(type, object);
    List<String> warnings = admit(type, object, options);
    ObjectKey at = new ObjectKey(key.namespace(), Json.string(object, "metadata", "name"));
    if (options.dryRun()) {
      if (store.get(type.storage(), at).isPresent()) {
        throw new ApiException(ApiStatus.alreadyExists(type, at.name()));
      }
      return new Written(201, Json.encode(object), warnings);
    }
    StoredObject created =
        store
            .create(type, at, object)
            .orElseThrow(() -> new ApiException(ApiStatus.alreadyExists(type, at.name())));
    customResources.afterWrite(type, created);
    return new Written(201, created.json(), warnings);
  }

  /** Replaces the object by the given one (PUT). */
  Written update(Target target, JsonObject object, Options options) {
    requireSameName(target.key(), object);
    ResourceType type = target.type();
    boolean versioned = !Json.string(object, "metadata", "resourceVersion").isEmpty();
    Optional<StoredObject> current = store.get(type.storage(), target.key());
    if (current.isEmpty() && type.is(Trait.CREATE_ON_UPDATE) && target.subresource().isEmpty()) {
      if (!versioned) {
        return create(type, target.key(), object, options);
      }
    }
    current.ifPresent(stored -> requireSameUid(target, stored, object));
    if (current.isPresent() && !versioned && !type.is(Trait.UNCONDITIONAL_UPDATE)) {
      Cause cause = Cause.invalid("metadata.resourceVersion", "0: must be specified for an update");
      throw new ApiException(ApiStatus.invalid(type, target.key().name(), List.of(cause)));
    }
    return change(target, old -> object.deepCopy(), options);
  }

  /** Changes the current object, repeated until no other write comes between. */
  Written change(Target target, UnaryOperator<JsonObject> change, Options options) {
    ResourceType type = target.type();
    while (true) {
      StoredObject current =
          store
              .get(type.storage(), target.key())
              .orElseThrow(() -> new ApiException(ApiStatus.notFound(type, target.key().name())));
      JsonObject old = current.parse();
      JsonObject next = changed(target, current, change);
      List<String> warnings = prepare(target, old, next, options);
      if (next.equals(old)) {
        return new Written(200, current.json(), warnings);
      }
      if (options.dryRun()) {
        return new Written(200, Json.encode(next), warnings);
      }
      Optional<StoredObject> written =
          isFinished(next) ? store.delete(type, current, next) : store.replace(type, current, next);
      if (written.isPresent()) {
        if (isFinished(next)) {
          customResources.afterDelete(type, written.get());
        } else {
          customResources.afterWrite(type, written.get());
        }
        return new Written(200, written.get().json(), warnings);
      }
    }
  }

  /** The changed object in its stored form, its name and resourceVersion checked. */
  private static JsonObject changed(
      Target target, StoredObject current, UnaryOperator<JsonObject> change) {
    ResourceType type = target.type();
    JsonObject shown = change.apply(type.presentJson(current.json()));
    MetadataShape.checkPatched(type, target.key().name(), shown);
    requireSameName(target.key(), shown);
    JsonObject next = type.isStoredForm() ? shown : type.form().view().toStored().apply(shown);
    String version = Json.string(next, "metadata", "resourceVersion");
    if (!version.isEmpty() && !version.equals(Long.toString(current.version()))) {
      throw new ApiException(ApiStatus.modified(type, target.key().name()));
    }
    return next;
  }

  private List<String> prepare(Target target, JsonObject old, JsonObject next, Options options) {
    ResourceType type = target.type();
    boolean statusOnly = target.subresource().equals("status");
    if (statusOnly) {
      KindRules.onStatusUpdate(type, old, next);
    } else {
      KindRules.onUpdate(type, old, next);
    }
    KindRules.normalise(type, next);
    metadata.onUpdate(type, old, next);
    customResources.check(type, next);
    List<String> warnings = admit(type, next, options);
    if (!statusOnly) {
      KindRules.countGeneration(type, old, next);
    }
    return warnings;
  }

  private List<String> admit(ResourceType type, JsonObject object, Options options) {
    if (type.form().schema() == null) {
      return List.of();
    }
    String name = Json.string(object, "metadata", "name");
    List<String> unknown = SchemaPruner.prune(type.form().schema(), object);
    if (options.strict() && !unknown.isEmpty()) {
      List<String> sentences =
          unknown.stream().map(path -> "unknown field \"" + path + "\"").toList();
      throw new ApiException(
          ApiStatus.badRequest(
              type.names().kind()
                  + " in version \""
                  + type.version()
                  + "\" cannot be handled as a "
                  + type.names().kind()
                  + ": strict decoding error: "
                  + String.join(", ", sentences)));
    }
    SchemaDefaulter.fill(type.form().schema(), object);
    List<Cause> causes = SchemaValidator.validate(type.form().schema(), object);
    if (!causes.isEmpty()) {
      throw new ApiException(ApiStatus.invalid(type, name, causes));
    }
    return unknown.stream().map(path -> "unknown field \"" + path + "\"").toList();
  }

  /** A replacement that carries a uid is meant for that object only. */
  private static void requireSameUid(Target target, StoredObject current, JsonObject object) {
    String wanted = Json.string(object, "metadata", "uid");
    String actual = Json.string(current.parse(), "metadata", "uid");
    if (!wanted.isEmpty() && !wanted.equals(actual)) {
      throw new ApiException(
          ApiStatus.preconditionFailed(target.type(), target.key().name(), "UID", wanted, actual));
    }
  }

  private void requireNamespace(ResourceType type, String namespace) {
    if (namespace.isEmpty()) {
      return;
    }
    ResourceType namespaces = BuiltInResources.NAMESPACES;
    StoredObject found =
        store
            .get(namespaces.storage(), new ObjectKey("", namespace))
            .orElseThrow(() -> new ApiException(ApiStatus.notFound(namespaces, namespace)));
    if (Json.string(found.parse(), "status", "phase").equals("Terminating")) {
      throw new ApiException(
          ApiStatus.forbidden(
              type,
              namespace,
              "unable to create new content in namespace "
                  + namespace
                  + " because it is being terminated"));
    }
  }

  private static void requireSameName(ObjectKey key, JsonObject object) {
    String name = Json.string(object, "metadata", "name");
    if (!key.name().isEmpty() && !name.equals(key.name())) {
      throw new ApiException(
          ApiStatus.badRequest(
              name.isEmpty()
                  ? "name must be provided"
                  : "the name of the object ("
                      + name
                      + ") does not match the name on the URL ("
                      + key.name()
                      + ")"));
    }
    String namespace = Json.string(object, "metadata", "namespace");
    if (!namespace.isEmpty() && !namespace.equals(key.namespace())) {
      throw new ApiException(
          ApiStatus.badRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request"));
    }
  }

  /** Whether a pending deletion can complete after this write. */
  static boolean isFinished(JsonObject object) {
    List<String> finalizers = new ArrayList<>(Json.strings(object, "metadata", "finalizers"));
    return !Json.string(object, "metadata", "deletionTimestamp").isEmpty()
        && finalizers.isEmpty()
        && Json.strings(object, "spec", "finalizers").isEmpty()
        && Json.number(object, 0, "metadata", "deletionGracePeriodSeconds") == 0;
  }
}
