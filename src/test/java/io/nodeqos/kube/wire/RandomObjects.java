// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.kube.wire.ProtobufModel.Field;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Objects in JSON as Go writes them: empty fields are left out. */
public final class RandomObjects {
  private static final List<String> TEXTS =
      List.of("a", "b", "c", "worker-17", "registry.example.com/x@sha256:1", "Grüße, 世界 \"😀\"");

  private static final Map<String, List<String>> BY_FIELD =
      Map.of(
          "operator", List.of("In", "NotIn", "Exists", "Equal", "Gt", "OfTheFuture"),
          "type", List.of("Ready", "PodResizePending", "DiskPressure"),
          "status", List.of("True", "False", "Unknown"),
          "reason", List.of("Infeasible", "Deferred", "KubeletReady"),
          "restartPolicy", List.of("Always", "Never"),
          "effect", List.of("NoSchedule", "NoExecute", "OfTheFuture"));

  private static final Set<String> NEVER_EMPTY = Set.of("name", "resourceVersion", "key", "effect");
  private static final Set<String> ROOTS = Set.of("metadata", "spec", "status", "template");
  private static final List<String> KEYS =
      List.of("nodeqos.io/reserved", "nodeqos.io/spinner", "nodeqos.io/config", "example.com/x");
  private static final List<String> RESOURCES =
      List.of("cpu", "memory", "ephemeral-storage", "pods", "example.com/gpu");
  private static final List<String> QUANTITIES =
      List.of("500m", "2", "1Gi", "0", "1e3", "104845292Ki", "95551679124", "no quantity");

  private final ProtobufModel model;
  private final Random random;

  public RandomObjects(ProtobufModel model, Random random) {
    this.model = model;
    this.random = random;
  }

  public JsonObject next(String message) {
    JsonObject object = new JsonObject();
    for (Field field : model.fields(message)) {
      if (field.name().equals("+")) {
        next(field.kind()).entrySet().forEach(e -> object.add(e.getKey(), e.getValue()));
      } else if (wanted(field)) {
        JsonElement value = field.repeated() ? array(message, field) : value(message, field);
        if (!empty(value)) {
          object.add(field.name(), value);
        }
      }
    }
    return object;
  }

  private boolean wanted(Field field) {
    return NEVER_EMPTY.contains(field.name())
        || ROOTS.contains(field.name())
        || random.nextInt(4) > 0;
  }

  private static boolean empty(JsonElement value) {
    return value.isJsonArray() && value.getAsJsonArray().isEmpty()
        || value.isJsonPrimitive() && value.getAsString().isEmpty();
  }

  private JsonArray array(String message, Field field) {
    JsonArray array = new JsonArray();
    for (int i = random.nextInt(4); i > 0; i--) {
      array.add(value(message, field));
    }
    return array;
  }

  private JsonElement value(String message, Field field) {
    return switch (field.kind()) {
      case "s" -> new JsonPrimitive(text(field.name()));
      case "n" -> new JsonPrimitive(random.nextInt(3) == 0 ? -7L : random.nextLong());
      case "b" -> new JsonPrimitive(random.nextBoolean());
      case "t" -> time(message);
      case "ms" -> map(KEYS, List.of("", "true", "some text"));
      case "mq" -> map(RESOURCES, QUANTITIES);
      default -> next(field.kind());
    };
  }

  private String text(String field) {
    if (!NEVER_EMPTY.contains(field) && random.nextInt(6) == 0) {
      return "";
    }
    return pick(BY_FIELD.getOrDefault(field, TEXTS));
  }

  /** A time that is not set is null, where it is no pointer. */
  private JsonElement time(String message) {
    return !message.equals("Taint") && random.nextInt(5) == 0
        ? JsonNull.INSTANCE
        : new JsonPrimitive(Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE)).toString());
  }

  private JsonObject map(List<String> keys, List<String> values) {
    JsonObject map = new JsonObject();
    map.addProperty(pick(keys), pick(values));
    for (int i = random.nextInt(4); i > 0; i--) {
      map.addProperty(pick(keys), pick(values));
    }
    return map;
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
