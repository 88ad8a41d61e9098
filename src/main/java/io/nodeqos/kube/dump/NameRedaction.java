// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.nodeqos.kube.codec.RevisionCodec;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.node.SpinnerKey;
import io.nodeqos.policy.PolicyRevision;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Replaces the names of nodes, pods, namespaces, DaemonSets and policies in a dump, wherever a
 * decision reads them, so that all references still hold. Keys, values of other kinds and the names
 * of images stay.
 */
final class NameRedaction {
  /** Fields with a name, in any object that has them. */
  private static final Set<String> NAMES = Set.of("nodeName", "namespace");

  /** Maps from label to value. */
  private static final Set<String> LABELS = Set.of("labels", "matchLabels", "nodeSelector");

  /** Lists of objects of which the value may be a name: a node that is dedicated to a namespace. */
  private static final Set<String> VALUES = Set.of("taints", "tolerations");

  /** Sentences. */
  private static final Set<String> TEXTS = Set.of("message", "note");

  private final NameTable names;

  NameRedaction(NameTable names) {
    this.names = names;
  }

  /** One object of a member; may change it. */
  JsonObject object(String member, JsonObject object) throws IOException {
    return switch (member) {
      case DumpMembers.REVISIONS -> revision(object);
      case DumpMembers.SPINNERS -> spinner(object);
      case DumpMembers.LEASES -> lease(object);
      case DumpMembers.EVENTS -> event(object);
      case DumpMembers.HISTORY -> transition(object);
      case DumpMembers.POLICIES -> policy(named(object));
      default -> named(object);
    };
  }

  /** The dump about itself. */
  DumpInfo info(DumpInfo info, Map<String, Integer> members) {
    Map<String, Boolean> reserved = new TreeMap<>();
    info.reserved().forEach((name, readable) -> reserved.put(names.name(name), readable));
    return new DumpInfo(
        info.product(),
        info.server(),
        info.takenAt(),
        names.name(info.namespace()),
        reserved,
        info.nodeAnnotations(),
        members,
        info.missing().stream().map(names::text).map(ForeignNames::hidden).toList());
  }

  String member(String member) {
    for (String prefix : Set.of(DumpMembers.PODS_OF, DumpMembers.DAEMON_SETS_OF)) {
      if (member.startsWith(prefix)) {
        String namespace =
            member.substring(prefix.length(), member.length() - DumpMembers.JSON.length());
        return prefix + names.name(namespace) + DumpMembers.JSON;
      }
    }
    return member;
  }

  private JsonObject named(JsonObject object) {
    JsonObject changed = walk(object).getAsJsonObject();
    replace(changed.get("metadata"), "name", names::name);
    return changed;
  }

  /** Everything but the names of objects, which depend on their kind. */
  private JsonElement walk(JsonElement value) {
    if (value.isJsonArray()) {
      JsonArray all = new JsonArray();
      value.getAsJsonArray().forEach(one -> all.add(walk(one)));
      return all;
    }
    if (!value.isJsonObject()) {
      return value;
    }
    JsonObject changed = new JsonObject();
    value.getAsJsonObject().entrySet().forEach(e -> changed.add(e.getKey(), field(e)));
    if (changed.get("values") instanceof JsonArray
        && changed.get("operator") instanceof JsonPrimitive) {
      changed.add("values", each(changed.get("values"), names::name));
    }
    return changed;
  }

  private JsonElement field(Map.Entry<String, JsonElement> entry) {
    String field = entry.getKey();
    JsonElement value = entry.getValue();
    if (LABELS.contains(field) && isMapOfText(value)) {
      return labels(value.getAsJsonObject());
    }
    if (NAMES.contains(field)) {
      return each(value, names::name);
    }
    if (TEXTS.contains(field)) {
      return each(value, names::text);
    }
    if (field.equals("annotations") && isMapOfText(value)) {
      return annotations(value.getAsJsonObject());
    }
    if (VALUES.contains(field) && value.isJsonArray()) {
      JsonArray all = walk(value).getAsJsonArray();
      all.forEach(one -> replace(one, "value", names::name));
      return all;
    }
    return walk(value);
  }

  private JsonObject labels(JsonObject labels) {
    JsonObject changed = new JsonObject();
    labels
        .entrySet()
        .forEach(
            entry -> {
              boolean isOfSpinner =
                  entry.getKey().equals(Keys.SPINNER) || entry.getKey().equals(Keys.IMAGES);
              changed.add(
                  entry.getKey(),
                  each(entry.getValue(), isOfSpinner ? this::spinnerKey : names::name));
            });
    return changed;
  }

  private String spinnerKey(String label) {
    SpinnerKey key = SpinnerKey.of(label);
    return new SpinnerKey(names.name(key.policy()), key.images()).text();
  }

  private JsonObject annotations(JsonObject annotations) {
    JsonObject changed = new JsonObject();
    annotations
        .entrySet()
        .forEach(
            entry ->
                changed.add(entry.getKey(), each(entry.getValue(), annotation(entry.getKey()))));
    return changed;
  }

  /** Those of this controller have no name of an object but in the configuration of a node. */
  private UnaryOperator<String> annotation(String key) {
    if (key.equals(Keys.CONFIG)) {
      return this::config;
    }
    return Keys.OWN_ANNOTATIONS.contains(key) ? UnaryOperator.identity() : names::text;
  }

  private static boolean isMapOfText(JsonElement value) {
    return value.isJsonObject()
        && value.getAsJsonObject().asMap().values().stream().allMatch(JsonElement::isJsonPrimitive);
  }

  /** The strings in a value, at any depth. */
  private static JsonElement each(JsonElement value, UnaryOperator<String> change) {
    if (value.isJsonArray()) {
      JsonArray all = new JsonArray();
      value.getAsJsonArray().forEach(one -> all.add(each(one, change)));
      return all;
    }
    if (value.isJsonObject()) {
      JsonObject all = new JsonObject();
      value
          .getAsJsonObject()
          .entrySet()
          .forEach(e -> all.add(e.getKey(), each(e.getValue(), change)));
      return all;
    }
    return value instanceof JsonPrimitive text && text.isString()
        ? new JsonPrimitive(change.apply(text.getAsString()))
        : value;
  }

  /** The annotation with the configuration of a node names the policy of each section. */
  private String config(String config) {
    try {
      JsonObject value = JsonParser.parseString(config).getAsJsonObject();
      if (value.get("sources") instanceof JsonObject sources) {
        value.add("sources", each(sources, names::name));
      }
      if (value.get("revisions") instanceof JsonObject revisions) {
        value.add("revisions", RevisionNames.redacted(revisions, names));
      }
      return value.toString();
    } catch (JsonParseException | IllegalStateException notOurs) {
      return config;
    }
  }

  /** All of the status: it has names of nodes in several places. */
  private JsonObject policy(JsonObject policy) {
    JsonElement status = policy.get("status");
    if (status != null) {
      policy.add("status", each(status, names::text));
    }
    return policy;
  }

  /** Its name is a hash over its content, which shows whether another writer has changed it. */
  private JsonObject revision(JsonObject object) throws IOException {
    boolean intact = decoded(object).isIntact();
    JsonObject changed = walk(object).getAsJsonObject();
    String name =
        intact
            ? decoded(changed).intactName()
            : "x-changed-" + changed.getAsJsonObject("metadata").get("uid").getAsString();
    replace(changed.get("metadata"), "name", before -> name);
    return changed;
  }

  private static PolicyRevision decoded(JsonObject object) throws IOException {
    return new RevisionCodec()
        .decode(new JsonTolerantReader(new StringReader(object.toString())))
        .view();
  }

  /** Its name ends with its key. */
  private JsonObject spinner(JsonObject object) {
    String key =
        object
            .getAsJsonObject("metadata")
            .getAsJsonObject("labels")
            .get(Keys.SPINNER)
            .getAsString();
    JsonObject changed = walk(object).getAsJsonObject();
    replace(
        changed.get("metadata"),
        "name",
        name ->
            name.endsWith(key)
                ? name.substring(0, name.length() - key.length()) + spinnerKey(key)
                : names.name(name));
    return changed;
  }

  private JsonObject lease(JsonObject object) {
    JsonObject changed = walk(object).getAsJsonObject();
    replace(changed.get("spec"), "holderIdentity", names::text);
    return changed;
  }

  private JsonObject event(JsonObject object) {
    JsonObject changed = walk(object).getAsJsonObject();
    replace(changed.get("involvedObject"), "name", names::name);
    replace(changed.get("related"), "name", names::name);
    replace(
        changed.get("metadata"),
        "name",
        name -> {
          int end = name.lastIndexOf('.');
          return end < 0
              ? names.name(name)
              : names.name(name.substring(0, end)) + name.substring(end);
        });
    return changed;
  }

  private JsonObject transition(JsonObject object) {
    JsonObject changed = walk(object).getAsJsonObject();
    replace(changed, "node", names::name);
    replace(changed, "leader", names::text);
    if (changed.has("policies")) {
      changed.add("policies", each(changed.get("policies"), names::name));
    }
    return changed;
  }

  private static void replace(JsonElement object, String field, UnaryOperator<String> change) {
    if (object instanceof JsonObject fields && fields.get(field) instanceof JsonPrimitive value) {
      fields.addProperty(field, change.apply(value.getAsString()));
    }
  }
}
