// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.value.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads fields of one JSON object and collects a sentence for each value that is not allowed, so
 * that a user sees all mistakes at once. A field that is absent or null is empty; an invalid field
 * is reported and empty. Unknown fields are ignored: the API server prunes them.
 */
final class SpecReader {
  private final JsonObject object;
  private final String path;
  private final List<String> problems;

  SpecReader(JsonObject object, String path, List<String> problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
  }

  String path(String field) {
    return path + "." + field;
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  Optional<String> text(String field) {
    return scalar(field).map(JsonElement::getAsString);
  }

  Optional<String> text(String field, Pattern allowed, String allowedInWords) {
    return converted(
        field,
        value -> {
          if (!allowed.matcher(value).matches()) {
            throw new IllegalArgumentException(
                "\"" + value + "\" is not allowed; allowed is " + allowedInWords);
          }
          return value;
        });
  }

  /** A required string; empty when absent, which is then reported as a problem. */
  String required(String field, Pattern allowed, String allowedInWords) {
    if (!has(field)) {
      problem(path(field) + " is missing; allowed is " + allowedInWords);
      return "";
    }
    return text(field, allowed, allowedInWords).orElse("");
  }

  boolean bool(String field) {
    return converted(
            field,
            value -> {
              if (!value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException(
                    "\"" + value + "\" is not allowed; allowed are true and false");
              }
              return value.equals("true");
            })
        .orElse(false);
  }

  Optional<Integer> integer(String field, int min, int max) {
    return converted(
        field,
        value -> {
          try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
              return number;
            }
          } catch (NumberFormatException notWhole) {
            // One sentence for both.
          }
          throw new IllegalArgumentException(
              value + " is not allowed; allowed is a whole number from " + min + " to " + max);
        });
  }

  Optional<Amount> amount(String field) {
    return converted(field, Amount::parse);
  }

  Optional<Duration> duration(String field) {
    return converted(field, GoDuration::parse);
  }

  Optional<SpecReader> child(String field) {
    if (!has(field)) {
      return Optional.empty();
    }
    if (!object.get(field).isJsonObject()) {
      problem(path(field) + " must be an object");
      return Optional.empty();
    }
    return Optional.of(new SpecReader(object.getAsJsonObject(field), path(field), problems));
  }

  /** The elements of a list of objects. */
  List<SpecReader> children(String field, int most) {
    List<SpecReader> children = new ArrayList<>();
    int i = 0;
    for (JsonElement element : elements(field, most)) {
      String at = path(field) + "[" + i++ + "]";
      if (element.isJsonObject()) {
        children.add(new SpecReader(element.getAsJsonObject(), at, problems));
      } else {
        problem(at + " must be an object");
      }
    }
    return children;
  }

  List<String> texts(String field, int most) {
    List<String> texts = new ArrayList<>();
    for (JsonElement element : elements(field, most)) {
      if (element.isJsonPrimitive()) {
        texts.add(element.getAsString());
      } else {
        problem(path(field) + " must be a list of strings");
      }
    }
    return texts;
  }

  /** The fields of an object whose values are strings, such as matchLabels. */
  Map<String, String> textMap(String field) {
    Map<String, String> map = new TreeMap<>();
    child(field)
        .ifPresent(
            child ->
                child.object.keySet().forEach(k -> child.text(k).ifPresent(v -> map.put(k, v))));
    return map;
  }

  boolean has(String field) {
    return object.has(field) && !object.get(field).isJsonNull();
  }

  private List<JsonElement> elements(String field, int most) {
    if (!has(field)) {
      return List.of();
    }
    if (!object.get(field).isJsonArray()) {
      problem(path(field) + " must be a list");
      return List.of();
    }
    List<JsonElement> elements = object.getAsJsonArray(field).asList();
    if (elements.size() > most) {
      problem(
          path(field) + " has " + elements.size() + " elements; at most " + most + " are allowed");
      return List.of();
    }
    return elements;
  }

  private Optional<JsonElement> scalar(String field) {
    if (!has(field)) {
      return Optional.empty();
    }
    if (!object.get(field).isJsonPrimitive()) {
      problem(path(field) + " must be a single value");
      return Optional.empty();
    }
    return Optional.of(object.get(field));
  }

  private <T> Optional<T> converted(String field, Function<String, T> conversion) {
    Optional<String> text = text(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(conversion.apply(text.get()));
    } catch (IllegalArgumentException refused) {
      problem(path(field) + ": " + refused.getMessage());
      return Optional.empty();
    }
  }
}
