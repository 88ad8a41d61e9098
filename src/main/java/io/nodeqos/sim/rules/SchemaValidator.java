// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks a custom resource against the OpenAPI v3 keywords of its structural schema. CEL rules, and
 * other formats than {@code date-time}, are not checked.
 */
public final class SchemaValidator {
  private static final String INT_OR_STRING = "x-kubernetes-int-or-string";

  private final List<Cause> causes = new ArrayList<>();

  private SchemaValidator() {}

  public static List<Cause> validate(JsonObject schema, JsonObject object) {
    SchemaValidator validator = new SchemaValidator();
    validator.check(schema, object, "");
    return validator.causes;
  }

  private void check(JsonObject schema, JsonElement value, String path) {
    if (value.isJsonNull()) {
      if (!SchemaPruner.isTrue(schema, "nullable") && schema.has("type")) {
        wrongType(schema, value, path);
      }
      return;
    }
    if (!hasType(schema, value)) {
      wrongType(schema, value, path);
      return;
    }
    checkEnum(schema, value, path);
    checkAlternatives(schema, value, path);
    if (value.isJsonObject()) {
      checkObject(schema, value.getAsJsonObject(), path);
    } else if (value.isJsonArray()) {
      checkArray(schema, value.getAsJsonArray(), path);
    } else if (value.getAsJsonPrimitive().isNumber()) {
      checkNumber(schema, value.getAsBigDecimal(), path);
    } else if (value.getAsJsonPrimitive().isString()) {
      checkString(schema, value.getAsString(), path);
    }
  }

  private void checkObject(JsonObject schema, JsonObject object, String path) {
    for (String required : Json.strings(schema, "required")) {
      if (!object.has(required)) {
        causes.add(Cause.required(join(path, required)));
      }
    }
    checkBounds(schema, "Properties", object.size(), path, "properties");
    JsonObject properties = Json.object(schema, "properties");
    JsonObject additional = Json.object(schema, "additionalProperties");
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      JsonObject property = Json.object(properties, entry.getKey());
      JsonObject known = property == null ? additional : property;
      if (known != null) {
        check(known, entry.getValue(), join(path, entry.getKey()));
      }
    }
  }

  private void checkArray(JsonObject schema, JsonArray array, String path) {
    checkBounds(schema, "Items", array.size(), path, "items");
    JsonObject items = Json.object(schema, "items");
    for (int i = 0; i < array.size() && items != null; i++) {
      check(items, array.get(i), path + "[" + i + "]");
    }
    String listType = Json.string(schema, "x-kubernetes-list-type");
    List<String> keys = Json.strings(schema, "x-kubernetes-list-map-keys");
    Set<JsonElement> seen = new HashSet<>();
    for (int i = 0; i < array.size() && !listType.isEmpty() && !listType.equals("atomic"); i++) {
      JsonElement identity = array.get(i);
      if (listType.equals("map") && identity.isJsonObject()) {
        JsonArray values = new JsonArray();
        for (String key : keys) {
          values.add(identity.getAsJsonObject().get(key));
        }
        identity = values;
      }
      if (!seen.add(identity)) {
        causes.add(
            new Cause(
                "FieldValueDuplicate", path + "[" + i + "]", "Duplicate value: " + array.get(i)));
      }
    }
  }

  private void checkNumber(JsonObject schema, BigDecimal number, String path) {
    limit(schema, "minimum", "exclusiveMinimum", number, path);
    limit(schema, "maximum", "exclusiveMaximum", number, path);
    JsonElement multiple = Json.element(schema, "multipleOf");
    if (multiple != null && number.remainder(multiple.getAsBigDecimal()).signum() != 0) {
      invalid(path, number.toPlainString(), "should be a multiple of " + multiple);
    }
  }

  private void limit(
      JsonObject schema, String keyword, String exclusive, BigDecimal number, String path) {
    JsonElement bound = Json.element(schema, keyword);
    if (bound == null) {
      return;
    }
    boolean lower = keyword.equals("minimum");
    int order = number.compareTo(bound.getAsBigDecimal()) * (lower ? 1 : -1);
    boolean strict = SchemaPruner.isTrue(schema, exclusive);
    if (order < 0 || (strict && order == 0)) {
      String word = lower ? "greater than " : "less than ";
      invalid(
          path,
          number.toPlainString(),
          "should be " + word + (strict ? "" : "or equal to ") + bound.getAsString());
    }
  }

  private void checkString(JsonObject schema, String text, String path) {
    int length = text.codePointCount(0, text.length());
    long max = Json.number(schema, Long.MAX_VALUE, "maxLength");
    if (length > max) {
      causes.add(
          new Cause("FieldValueTooLong", path, "Too long: may not be more than " + max + " bytes"));
    }
    long min = Json.number(schema, 0, "minLength");
    if (length < min) {
      invalid(path, "\"" + text + "\"", "should be at least " + min + " chars long");
    }
    String pattern = Json.string(schema, "pattern");
    if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
      invalid(path, "\"" + text + "\"", "should match '" + pattern + "'");
    }
    if (Json.string(schema, "format").equals("date-time") && !isTime(text)) {
      wrongType("date-time", text, path);
    }
  }

  private void checkBounds(JsonObject schema, String what, int size, String path, String noun) {
    long max = Json.number(schema, Long.MAX_VALUE, "max" + what);
    if (size > max) {
      causes.add(
          new Cause(
              "FieldValueTooMany",
              path,
              "Too many: " + size + ": must have at most " + max + " " + noun));
    }
    long min = Json.number(schema, 0, "min" + what);
    if (size < min) {
      invalid(path, Integer.toString(size), "should have at least " + min + " " + noun);
    }
  }

  private void checkEnum(JsonObject schema, JsonElement value, String path) {
    JsonArray allowed = Json.array(schema, "enum");
    if (!allowed.isEmpty() && !allowed.contains(value)) {
      List<String> texts = new ArrayList<>();
      allowed.forEach(item -> texts.add(item.toString()));
      causes.add(
          new Cause(
              "FieldValueNotSupported",
              path,
              "Unsupported value: " + value + ": supported values: " + String.join(", ", texts)));
    }
  }

  private void checkAlternatives(JsonObject schema, JsonElement value, String path) {
    Json.objects(schema, "allOf").forEach(part -> check(part, value, path));
    List<JsonObject> anyOf = Json.objects(schema, "anyOf");
    if (!anyOf.isEmpty() && anyOf.stream().noneMatch(part -> accepts(part, value))) {
      invalid(path, value.toString(), "must validate at least one schema (anyOf)");
    }
    List<JsonObject> oneOf = Json.objects(schema, "oneOf");
    if (!oneOf.isEmpty() && oneOf.stream().filter(part -> accepts(part, value)).count() != 1) {
      invalid(path, value.toString(), "must validate one and only one schema (oneOf)");
    }
    JsonObject not = Json.object(schema, "not");
    if (not != null && accepts(not, value)) {
      invalid(path, value.toString(), "must not validate the schema (not)");
    }
  }

  /** True for a value with which all is well. */
  static boolean accepts(JsonObject schema, JsonElement value) {
    SchemaValidator validator = new SchemaValidator();
    validator.check(schema, value, "");
    return validator.causes.isEmpty();
  }

  private static boolean hasType(JsonObject schema, JsonElement value) {
    if (SchemaPruner.isTrue(schema, INT_OR_STRING)) {
      return value.isJsonPrimitive()
          && (value.getAsJsonPrimitive().isString() || isWhole(value.getAsJsonPrimitive()));
    }
    return switch (Json.string(schema, "type")) {
      case "object" -> value.isJsonObject();
      case "array" -> value.isJsonArray();
      case "string" -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
      case "boolean" -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
      case "integer" -> value.isJsonPrimitive() && isWhole(value.getAsJsonPrimitive());
      case "number" -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
      default -> true;
    };
  }

  /** True for a date with a time and its offset (RFC 3339, section 5.6). */
  private static boolean isTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static boolean isWhole(JsonPrimitive value) {
    return value.isNumber() && value.getAsBigDecimal().stripTrailingZeros().scale() <= 0;
  }

  private void wrongType(JsonObject schema, JsonElement value, String path) {
    String wanted =
        SchemaPruner.isTrue(schema, INT_OR_STRING) ? "integer,string" : Json.string(schema, "type");
    String actual =
        value.isJsonObject()
            ? "object"
            : value.isJsonArray()
                ? "array"
                : value.isJsonNull() ? "null" : scalarType(value.getAsJsonPrimitive());
    wrongType(wanted, actual, path);
  }

  private void wrongType(String wanted, String actual, String path) {
    causes.add(
        new Cause(
            "FieldValueTypeInvalid",
            path,
            "Invalid value: \""
                + actual
                + "\": "
                + path
                + " in body must be of type "
                + wanted
                + ": \""
                + actual
                + "\""));
  }

  private static String scalarType(JsonPrimitive value) {
    return value.isString()
        ? "string"
        : value.isBoolean() ? "boolean" : isWhole(value) ? "integer" : "number";
  }

  private void invalid(String path, String value, String must) {
    causes.add(Cause.invalid(path, value + ": " + path + " in body " + must));
  }

  private static String join(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
