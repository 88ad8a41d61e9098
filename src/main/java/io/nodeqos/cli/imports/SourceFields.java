// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the fields of an object. Each mistake becomes one sentence with file, document, field and
 * value. Not thread-safe.
 */
final class SourceFields {
  private final String where;
  private final String path;
  private final JsonObject object;
  private final List<String> problems;
  private final Set<String> read = new HashSet<>();

  /**
   * @param where file and document
   * @param path of the object in its document; empty for the document
   */
  SourceFields(String where, String path, JsonObject object, List<String> problems) {
    this.where = where;
    this.path = path;
    this.object = object;
    this.problems = problems;
  }

  String path(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  boolean has(String field) {
    return object.has(field) && !object.get(field).isJsonNull();
  }

  boolean isList(String field) {
    return has(field) && object.get(field).isJsonArray();
  }

  /** True when the object, or any object in it, has a field of this name with this value. */
  boolean hasAnywhere(String field, String value) {
    return hasAnywhere(object, field, value);
  }

  private static boolean hasAnywhere(JsonElement in, String field, String value) {
    if (in.isJsonArray()) {
      return in.getAsJsonArray().asList().stream().anyMatch(e -> hasAnywhere(e, field, value));
    }
    return in.isJsonObject()
        && in.getAsJsonObject().entrySet().stream()
            .anyMatch(
                e ->
                    e.getKey().equals(field) && e.getValue().toString().equals(value)
                        || hasAnywhere(e.getValue(), field, value));
  }

  /** The fields that nothing has asked for, with their paths. */
  List<String> unread() {
    return object.keySet().stream()
        .filter(f -> has(f) && !read.contains(f))
        .map(this::path)
        .toList();
  }

  void ignore(String... fields) {
    read.addAll(List.of(fields));
  }

  void problem(String field, String sentence) {
    problems.add(where + ": " + path(field) + " " + sentence);
  }

  Optional<String> text(String field) {
    return scalar(field)
        .filter(
            v -> {
              boolean isText = v.getAsJsonPrimitive().isString();
              if (!isText) {
                problem(field, "is " + v + ", but must be a string");
              }
              return isText;
            })
        .map(JsonElement::getAsString);
  }

  /** Empty when it is missing, which is then reported. */
  String required(String field) {
    Optional<String> text = text(field);
    if (!has(field)) {
      problem(field, "is missing");
    } else if (text.filter(String::isEmpty).isPresent()) {
      problem(field, "is empty");
    }
    return text.orElse("");
  }

  Optional<String> choice(String field, String... allowed) {
    return text(field)
        .filter(
            v -> {
              boolean isAllowed = List.of(allowed).contains(v);
              if (!isAllowed) {
                problem(
                    field, "is \"" + v + "\", but must be one of " + String.join(", ", allowed));
              }
              return isAllowed;
            });
  }

  String requiredChoice(String field, String... allowed) {
    if (!has(field)) {
      problem(field, "is missing; it must be one of " + String.join(", ", allowed));
    }
    return choice(field, allowed).orElse("");
  }

  boolean bool(String field) {
    return optionalBool(field).orElse(false);
  }

  Optional<Boolean> optionalBool(String field) {
    return scalar(field)
        .filter(
            v -> {
              boolean isBool = v.getAsJsonPrimitive().isBoolean();
              if (!isBool) {
                problem(field, "is " + v + ", but must be true or false");
              }
              return isBool;
            })
        .map(JsonElement::getAsBoolean);
  }

  /** A whole number from zero on. */
  Optional<Long> number(String field) {
    return scalar(field)
        .flatMap(
            v -> {
              try {
                if (v.getAsJsonPrimitive().isNumber()) {
                  long number = v.getAsBigDecimal().longValueExact();
                  if (number >= 0) {
                    return Optional.of(number);
                  }
                }
              } catch (ArithmeticException notWhole) {
                // One sentence for all.
              }
              problem(field, "is " + v + ", but must be a whole number from 0 on");
              return Optional.empty();
            });
  }

  Optional<SourceFields> child(String field) {
    read.add(field);
    if (!has(field)) {
      return Optional.empty();
    }
    if (!object.get(field).isJsonObject()) {
      problem(field, "is " + object.get(field) + ", but must be an object");
      return Optional.empty();
    }
    return Optional.of(
        new SourceFields(where, path(field), object.getAsJsonObject(field), problems));
  }

  /** The elements of a list of objects. */
  List<SourceFields> children(String field) {
    List<SourceFields> all = new ArrayList<>();
    int i = 0;
    for (JsonElement element : elements(field)) {
      String at = field + "[" + i++ + "]";
      if (element.isJsonObject()) {
        all.add(new SourceFields(where, path(at), element.getAsJsonObject(), problems));
      } else {
        problem(at, "is " + element + ", but must be an object");
      }
    }
    return all;
  }

  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    int i = 0;
    for (JsonElement element : elements(field)) {
      String at = field + "[" + i++ + "]";
      if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()) {
        texts.add(element.getAsString());
      } else {
        problem(at, "is " + element + ", but must be a string");
      }
    }
    return texts;
  }

  Map<String, String> textMap(String field) {
    Map<String, String> map = new TreeMap<>();
    child(field)
        .ifPresent(c -> c.object.keySet().forEach(k -> c.text(k).ifPresent(v -> map.put(k, v))));
    return map;
  }

  /** The label selector that this object is. */
  LabelSelector selector() {
    List<Requirement> expressions = new ArrayList<>();
    for (SourceFields e : children("matchExpressions")) {
      String key = e.required("key");
      String operator = e.requiredChoice("operator", "In", "NotIn", "Exists", "DoesNotExist");
      List<String> values = e.texts("values");
      boolean wantsValues = operator.endsWith("In");
      if (!operator.isEmpty() && wantsValues == values.isEmpty()) {
        e.problem(
            "values",
            wantsValues
                ? "is empty; " + operator + " needs a value"
                : "is set; " + operator + " takes none");
      }
      expressions.add(new Requirement(key, operator(operator), values));
    }
    return new LabelSelector(textMap("matchLabels"), expressions);
  }

  private static Operator operator(String name) {
    return Stream.of(Operator.values())
        .filter(o -> o.name().replace("_", "").equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElse(Operator.EXISTS);
  }

  private JsonArray elements(String field) {
    read.add(field);
    if (has(field) && !object.get(field).isJsonArray()) {
      problem(field, "is " + object.get(field) + ", but must be a list");
      return new JsonArray();
    }
    return has(field) ? object.getAsJsonArray(field) : new JsonArray();
  }

  private Optional<JsonElement> scalar(String field) {
    read.add(field);
    if (has(field) && !object.get(field).isJsonPrimitive()) {
      problem(field, "must be a single value");
      return Optional.empty();
    }
    return has(field) ? Optional.of(object.get(field)) : Optional.empty();
  }
}
