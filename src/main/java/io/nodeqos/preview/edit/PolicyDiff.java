// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields in which two specs differ. */
public final class PolicyDiff {
  /** Fields that distinguish the elements of a list, the first that an element has. */
  private static final List<String> NAMES = List.of("name", "ref", "type", "namespace", "key");

  private final List<FieldChange> changes = new ArrayList<>();

  private PolicyDiff() {}

  /** In the order of the specs. */
  public static List<FieldChange> between(JsonObject before, JsonObject after) {
    PolicyDiff diff = new PolicyDiff();
    diff.objects("spec", before, after);
    return List.copyOf(diff.changes);
  }

  private void objects(String path, JsonObject before, JsonObject after) {
    Set<String> fields = new LinkedHashSet<>(before.keySet());
    fields.addAll(after.keySet());
    for (String field : fields) {
      elements(path + "." + field, value(before, field), value(after, field));
    }
  }

  private static Optional<JsonElement> value(JsonObject object, String field) {
    return Optional.ofNullable(object.get(field)).filter(value -> !value.isJsonNull());
  }

  private void elements(String path, Optional<JsonElement> before, Optional<JsonElement> after) {
    if (before.equals(after)) {
      return;
    }
    JsonElement some = before.or(() -> after).orElseThrow();
    if (sameKind(before, after, JsonElement::isJsonObject) && !isEmpty(some)) {
      objects(path, object(before), object(after));
    } else if (sameKind(before, after, PolicyDiff::isListOfObjects)) {
      lists(path, array(before), array(after));
    } else {
      changes.add(new FieldChange(path, before, after));
    }
  }

  /** An added or removed element of a list is one change, with all of its fields. */
  private void lists(String path, JsonArray before, JsonArray after) {
    Map<String, JsonObject> was = named(before);
    Map<String, JsonObject> is = named(after);
    Set<String> names = new LinkedHashSet<>(was.keySet());
    names.addAll(is.keySet());
    for (String name : names) {
      String at = path + "[" + name + "]";
      if (was.containsKey(name) && is.containsKey(name)) {
        objects(at, was.get(name), is.get(name));
      } else {
        changes.add(
            new FieldChange(
                at, Optional.ofNullable(was.get(name)), Optional.ofNullable(is.get(name))));
      }
    }
  }

  private static Map<String, JsonObject> named(JsonArray list) {
    Map<String, JsonObject> named = new LinkedHashMap<>();
    for (JsonElement element : list) {
      JsonObject object = element.getAsJsonObject();
      String name = name(object, named.size());
      for (int n = 2; named.containsKey(name); n++) {
        name = name(object, named.size()) + " #" + n;
      }
      named.put(name, object);
    }
    return named;
  }

  private static String name(JsonObject element, int index) {
    String name =
        NAMES.stream()
            .filter(field -> element.get(field) != null && element.get(field).isJsonPrimitive())
            .findFirst()
            .map(field -> element.get(field).getAsString())
            .orElse(Integer.toString(index));
    return name + labels(element);
  }

  /** Pods of one namespace are distinguished by their labels. */
  private static String labels(JsonObject element) {
    return element.get("selector") instanceof JsonObject selector
            && selector.get("matchLabels") instanceof JsonObject labels
        ? labels.entrySet().stream()
            .map(label -> " " + label.getKey() + "=" + label.getValue().getAsString())
            .collect(Collectors.joining())
        : "";
  }

  private interface Kind {
    boolean is(JsonElement element);
  }

  private static boolean sameKind(
      Optional<JsonElement> before, Optional<JsonElement> after, Kind kind) {
    return before.map(kind::is).orElse(true) && after.map(kind::is).orElse(true);
  }

  private static boolean isListOfObjects(JsonElement element) {
    return element.isJsonArray()
        && element.getAsJsonArray().asList().stream().allMatch(JsonElement::isJsonObject);
  }

  private static boolean isEmpty(JsonElement element) {
    return element.isJsonObject() && element.getAsJsonObject().isEmpty();
  }

  private static JsonObject object(Optional<JsonElement> element) {
    return element.map(JsonElement::getAsJsonObject).orElseGet(JsonObject::new);
  }

  private static JsonArray array(Optional<JsonElement> element) {
    return element.map(JsonElement::getAsJsonArray).orElseGet(JsonArray::new);
  }
}
