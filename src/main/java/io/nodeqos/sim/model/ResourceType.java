// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.model;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One served resource: its differences from the others, as data.
 *
 * @param group the API group, "" for core
 * @param selectableFields the dotted paths a fieldSelector may name, besides metadata.name and
 *     metadata.namespace
 */
public record ResourceType(
    String group,
    String version,
    Names names,
    Set<Trait> traits,
    List<String> selectableFields,
    Form form) {

  /** The resource's names in discovery. */
  public record Names(
      String plural,
      String singular,
      String kind,
      String listKind,
      List<String> shortNames,
      List<String> categories) {

    public static Names of(String plural, String kind, String... shortNames) {
      return new Names(
          plural,
          kind.toLowerCase(java.util.Locale.ROOT),
          kind,
          kind + "List",
          List.of(shortNames),
          List.of());
    }
  }

  /** Behaviour that only some resources have. */
  public enum Trait {
    NAMESPACED,
    /** Has a status subresource. */
    STATUS,
    /** The server counts changes of the spec in metadata.generation. */
    GENERATION,
    /** PUT without a resourceVersion is allowed. */
    UNCONDITIONAL_UPDATE,
    /** PUT of an absent object creates it. */
    CREATE_ON_UPDATE,
    /** DELETE answers with the object instead of a Status. */
    RETURNS_DELETED,
    /** Defined by a CustomResourceDefinition. */
    CUSTOM
  }

  /**
   * The forms of an object: for kubectl, in this API version, and by its schema.
   *
   * @param schema the structural schema of a custom resource, null for built-in ones
   */
  public record Form(List<TableColumn> columns, JsonObject schema, View view) {}

  /** This API version's form of a stored object. Each function may change its argument. */
  public static final class View {
    private final String stored;
    private final UnaryOperator<JsonObject> toStored;
    private final UnaryOperator<JsonObject> fromStored;

    /**
     * @param stored the apiVersion that is stored
     */
    public View(
        String stored, UnaryOperator<JsonObject> toStored, UnaryOperator<JsonObject> fromStored) {
      this.stored = stored;
      this.toStored = toStored;
      this.fromStored = fromStored;
    }

    public String stored() {
      return stored;
    }

    public UnaryOperator<JsonObject> toStored() {
      return toStored;
    }

    public UnaryOperator<JsonObject> fromStored() {
      return fromStored;
    }
  }

  public boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether this is the named built-in resource, for rules that hold for one kind only. */
  public boolean is(String wantedGroup, String plural) {
    return group.equals(wantedGroup) && names.plural().equals(plural);
  }

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The resource as messages name it: {@code nodes}, {@code leases.coordination.k8s.io}. */
  public String qualified() {
    return group.isEmpty() ? names.plural() : names.plural() + "." + group;
  }

  /** The collection it is kept in; all versions of a resource share one. */
  public String storage() {
    int slash = form.view().stored().indexOf('/');
    String storedGroup = slash < 0 ? "" : form.view().stored().substring(0, slash);
    return storedGroup + "/" + names.plural();
  }

  /** Whether the stored form is that of this version. */
  public boolean isStoredForm() {
    return form.view().stored().equals(apiVersion());
  }

  /** The encoded stored object in this version's form. */
  public byte[] present(byte[] stored) {
    return isStoredForm() ? stored : Json.encode(presentJson(stored));
  }

  public JsonObject presentJson(byte[] stored) {
    JsonObject json = Json.parseObject(stored);
    return isStoredForm() ? json : form.view().fromStored().apply(json);
  }
}
