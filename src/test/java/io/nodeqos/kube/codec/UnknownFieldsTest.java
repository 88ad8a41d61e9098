// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.nodeqos.kube.wire.Interning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A newer API server may add fields anywhere. The generated models of client-java throw on each of
 * them, which would stop the informers at a cluster upgrade.
 */
class UnknownFieldsTest {
  /** Here any key is data. Taints are kept whole, and have a test of their own. */
  private static final Set<String> FREE_FORM =
      Set.of(
          "labels",
          "annotations",
          "capacity",
          "allocatable",
          "requests",
          "overhead",
          "nodeSelector",
          "matchLabels",
          "taints");

  private static final List<JsonElement> KINDS =
      List.of(
          JsonNull.INSTANCE,
          new JsonPrimitive(true),
          new JsonPrimitive(12.5e30),
          new JsonPrimitive("text with \"quotes\" and a \u2028"),
          new JsonArray(),
          JsonParser.parseString("[[{\"name\":\"x\"}],null,1]"),
          new JsonObject(),
          JsonParser.parseString(
              "{\"metadata\":{\"name\":\"wrong\",\"resourceVersion\":\"9\"},\"spec\":{\"nodeName\":\"wrong\"}}"));

  private final Interning interning = new Interning();

  private Map<String, Codec<?>> codecs() {
    return Map.of(
        "node.json", new NodeCodec(interning, Set.of()),
        "pod.json", new PodCodec(interning),
        "daemonset.json", new DaemonSetCodec(interning));
  }

  @Test
  void unknownFieldOfAnyKindAtAnyLevelIsSkipped() throws IOException {
    for (Map.Entry<String, Codec<?>> entry : codecs().entrySet()) {
      JsonElement original = JsonParser.parseString(Samples.read(entry.getKey()));
      Object expected = Samples.decode(entry.getValue(), original.toString());
      List<JsonObject> levels = new ArrayList<>();
      collect(original, levels);
      assertTrue(levels.size() >= 20, entry.getKey() + " is deep enough to prove something");
      for (int level = 0; level < levels.size(); level++) {
        for (JsonElement kind : KINDS) {
          JsonElement changed = original.deepCopy();
          List<JsonObject> copies = new ArrayList<>();
          collect(changed, copies);
          insertFirst(copies.get(level), kind);
          assertEquals(
              expected,
              Samples.decode(entry.getValue(), changed.toString()),
              () -> "an unknown field changed the object read from " + changed);
        }
      }
    }
  }

  @Test
  void manyUnknownFieldsAreSkipped() throws IOException {
    Random random = new Random(20261103);
    for (Map.Entry<String, Codec<?>> entry : codecs().entrySet()) {
      JsonElement original = JsonParser.parseString(Samples.read(entry.getKey()));
      Object expected = Samples.decode(entry.getValue(), original.toString());
      for (int round = 0; round < 200; round++) {
        JsonElement changed = original.deepCopy();
        List<JsonObject> levels = new ArrayList<>();
        collect(changed, levels);
        for (JsonObject level : levels) {
          if (random.nextBoolean()) {
            level.add("later" + random.nextInt(), KINDS.get(random.nextInt(KINDS.size())));
          }
        }
        assertEquals(
            expected,
            Samples.decode(entry.getValue(), changed.toString()),
            () -> "unknown fields changed the object read from " + changed);
      }
    }
  }

  @Test
  void knownFieldOfAnotherKindIsSkipped() throws IOException {
    for (Map.Entry<String, Codec<?>> entry : codecs().entrySet()) {
      JsonElement original = JsonParser.parseString(Samples.read(entry.getKey()));
      List<JsonObject> levels = new ArrayList<>();
      collect(original, levels);
      for (int level = 0; level < levels.size(); level++) {
        for (String field : List.copyOf(levels.get(level).keySet())) {
          if (Set.of("metadata", "name", "resourceVersion").contains(field)) {
            continue;
          }
          for (JsonElement kind : KINDS) {
            JsonElement changed = original.deepCopy();
            List<JsonObject> copies = new ArrayList<>();
            collect(changed, copies);
            copies.get(level).add(field, kind);
            // It must not throw; the rest is read as the same object.
            assertTrue(
                Samples.decode(entry.getValue(), changed.toString()).toString().contains("name="),
                () -> field + " as " + kind);
          }
        }
      }
    }
  }

  private static void collect(JsonElement element, List<JsonObject> into) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(e -> collect(e, into));
    } else if (element.isJsonObject()) {
      into.add(element.getAsJsonObject());
      for (Map.Entry<String, JsonElement> field : element.getAsJsonObject().entrySet()) {
        if (!FREE_FORM.contains(field.getKey())) {
          collect(field.getValue(), into);
        }
      }
    }
  }

  /** A reader that gives up at the first surprise would miss all that follows. */
  private static void insertFirst(JsonObject object, JsonElement value) {
    JsonObject rest = object.deepCopy();
    List.copyOf(object.keySet()).forEach(object::remove);
    object.add("aFieldOfTheFuture", value);
    rest.entrySet().forEach(field -> object.add(field.getKey(), field.getValue()));
  }
}
