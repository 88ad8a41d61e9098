// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.CsiNodeCodec;
import io.nodeqos.kube.codec.DaemonSetCodec;
import io.nodeqos.kube.codec.ExtendedRequestCodec;
import io.nodeqos.kube.codec.NamespaceCodec;
import io.nodeqos.kube.codec.NodeCodec;
import io.nodeqos.kube.codec.PodCodec;
import io.nodeqos.kube.codec.PolicyCodec;
import io.nodeqos.kube.codec.RevisionCodec;
import io.nodeqos.kube.codec.SpinnerDaemonSetCodec;
import io.nodeqos.kube.codec.SpinnerPodCodec;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Whatever an API server sends is an object or an {@link IOException}, the same in both forms. */
class AnswersFuzzTest {
  private static final Interning INTERNING = new Interning();

  /** By the kind of the objects in the model. */
  private static final Map<String, List<Codec<?>>> BY_KIND =
      Map.of(
          "Node", List.of(new NodeCodec(INTERNING, Set.of())),
          "Namespace", List.of(new NamespaceCodec()),
          "CSINode", List.of(new CsiNodeCodec(INTERNING)),
          "Pod",
              List.of(
                  new PodCodec(INTERNING),
                  new ExtendedRequestCodec(INTERNING),
                  new SpinnerPodCodec(INTERNING)),
          "DaemonSet", List.of(new DaemonSetCodec(INTERNING), new SpinnerDaemonSetCodec()));

  private static final List<String> KINDS = BY_KIND.keySet().stream().sorted().toList();
  private static final List<Codec<?>> JSON_ONLY = List.of(new PolicyCodec(), new RevisionCodec());

  /** Fields whose values are no free text, or without which there is no object. */
  private static final Set<String> KEPT = Set.of("name", "resourceVersion", "key", "effect");

  @FuzzTest
  void jsonIsReadOrRefused(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    BY_KIND.values().stream().flatMap(List::stream).forEach(codec -> tryJson(codec, text));
    JSON_ONLY.forEach(codec -> tryJson(codec, text));
  }

  private static void tryJson(Codec<?> codec, String text) {
    try {
      codec.decode(new JsonTolerantReader(new StringReader(text)));
    } catch (IOException refused) {
      // The only way to refuse it.
    }
  }

  @FuzzTest
  void protobufIsReadOrRefused(byte[] bytes) {
    BY_KIND.values().stream().flatMap(List::stream).forEach(codec -> tryProtobuf(codec, bytes));
    try {
      ProtobufEnvelope.open(bytes, 0, bytes.length);
    } catch (IOException refused) {
      // The only way to refuse it.
    }
  }

  private static void tryProtobuf(Codec<?> codec, byte[] bytes) {
    try {
      codec.decode(
          new ProtobufTolerantReader(bytes, 0, bytes.length, codec.protobuf().orElseThrow()));
    } catch (IOException refused) {
      // The only way to refuse it.
    }
  }

  @FuzzTest
  void objectIsTheSameInBothForms(FuzzedDataProvider data) throws IOException {
    ProtobufModel model = new ProtobufModel();
    String kind = data.pickValue(KINDS);
    JsonObject object = new RandomObjects(model, new Chosen(data)).next(kind);
    retold(object, data);
    byte[] protobuf = model.encode(kind, object);
    for (Codec<?> codec : BY_KIND.get(kind)) {
      assertEquals(
          codec.decode(new JsonTolerantReader(new StringReader(object.toString()))).view(),
          codec
              .decode(
                  new ProtobufTolerantReader(
                      protobuf, 0, protobuf.length, codec.protobuf().orElseThrow()))
              .view(),
          object::toString);
    }
  }

  /** Some of its texts become any text. */
  private static void retold(JsonObject object, FuzzedDataProvider data) {
    for (Map.Entry<String, JsonElement> field : object.entrySet()) {
      JsonElement value = field.getValue();
      if (value.isJsonObject()) {
        retold(value.getAsJsonObject(), data);
      } else if (value.isJsonArray()) {
        value.getAsJsonArray().forEach(e -> retoldElement(e, data));
      } else if (isFreeText(field.getKey(), value) && data.consumeBoolean()) {
        String text = text(data);
        // A server leaves out an empty one.
        field.setValue(text.isEmpty() ? value : new JsonPrimitive(text));
      }
    }
  }

  private static void retoldElement(JsonElement element, FuzzedDataProvider data) {
    if (element.isJsonObject()) {
      retold(element.getAsJsonObject(), data);
    }
  }

  private static boolean isFreeText(String field, JsonElement value) {
    return value.isJsonPrimitive()
        && value.getAsJsonPrimitive().isString()
        && !KEPT.contains(field)
        && !field.endsWith("Time")
        && !field.endsWith("Timestamp")
        && !field.endsWith("At")
        && !field.equals("time")
        && !field.equals("timeAdded");
  }

  /** As it can be in UTF-8. */
  private static String text(FuzzedDataProvider data) {
    return new String(
        data.consumeString(24).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** Chance is what the fuzzer chooses. */
  private static final class Chosen extends Random {
    private static final long serialVersionUID = 1;
    private final transient FuzzedDataProvider data;

    Chosen(FuzzedDataProvider data) {
      this.data = data;
    }

    @Override
    protected int next(int bits) {
      return data.consumeInt() >>> (32 - bits);
    }
  }
}
