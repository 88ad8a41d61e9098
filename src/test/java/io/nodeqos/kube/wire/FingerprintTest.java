// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.kube.codec.NodeCodec;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.node.NodeView;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes with the same fingerprint decode to the same, but for what is sighted. */
class FingerprintTest {
  private static final int ROUNDS = 2_000;

  private final ProtobufModel model = new ProtobufModel();
  private final Random random = new Random(20261129);
  private final RandomObjects objects = new RandomObjects(model, random);
  private final NodeCodec codec = new NodeCodec(new Interning(), Set.of("example.com/x"));

  private static Fingerprint print(byte[] node) throws IOException {
    byte[] padded = Arrays.copyOf(node, node.length + random7(node));
    return Fingerprint.of(padded, 0, node.length, KubernetesMessages.NODE);
  }

  /** What is behind the message does not count. */
  private static int random7(byte[] node) {
    return node.length % 7;
  }

  private static TolerantReader reader(byte[] node) {
    return new ProtobufTolerantReader(node, 0, node.length, KubernetesMessages.NODE);
  }

  private SlimObject<NodeView> decode(byte[] node) throws IOException {
    return codec.decode(reader(node));
  }

  private SlimObject<NodeView> sighted(SlimObject<NodeView> known, byte[] node) throws IOException {
    return codec.sight(reader(node)).orElseThrow().of(known);
  }

  private byte[] encode(JsonObject node) {
    return model.encode("Node", node);
  }

  private static NodeView content(SlimObject<NodeView> node) {
    return node.view().seen("", Instant.EPOCH, Instant.EPOCH);
  }

  @Test
  void anyChangeOfWhatIsDecodedChangesIt() throws IOException {
    int changes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      JsonObject before = objects.next("Node");
      JsonObject after = before.deepCopy();
      cross(after, objects.next("Node"));
      byte[] first = encode(before);
      byte[] second = encode(after);

      if (print(first).equals(print(second))) {
        SlimObject<NodeView> seen = sighted(decode(first), second);
        assertEquals(decode(second).view(), seen.view(), () -> before + " to " + after);
        assertEquals(decode(second).getMetadata(), seen.getMetadata());
      } else if (!content(decode(first)).equals(content(decode(second)))) {
        changes++;
      }
    }
    assertTrue(changes > ROUNDS / 3, changes + " changes prove something");
  }

  /** Takes one field over, at any depth. */
  private void cross(JsonObject into, JsonObject from) {
    List<String> keys = new ArrayList<>(from.keySet());
    if (keys.isEmpty()) {
      return;
    }
    String key = keys.get(random.nextInt(keys.size()));
    JsonElement theirs = from.get(key);
    JsonElement ours = into.get(key);
    if (ours instanceof JsonArray all && theirs instanceof JsonArray others) {
      crossElements(all, others);
    } else if (ours instanceof JsonObject object
        && theirs instanceof JsonObject other
        && random.nextInt(4) > 0) {
      cross(object, other);
    } else {
      into.add(key, theirs);
    }
  }

  private void crossElements(JsonArray into, JsonArray from) {
    int at = random.nextInt(into.size());
    if (random.nextInt(4) == 0) {
      into.remove(at);
    } else if (into.get(at) instanceof JsonObject object
        && from.get(random.nextInt(from.size())) instanceof JsonObject other) {
      cross(object, other);
    } else {
      into.set(at, from.get(random.nextInt(from.size())));
    }
  }

  @Test
  void heartbeatDoesNotChangeItAndIsSighted() throws IOException {
    Set<NodeView> different = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      JsonObject before = objects.next("Node");
      JsonObject after = before.deepCopy();
      beat(after, objects.next("Node"));
      byte[] first = encode(before);
      byte[] second = encode(after);

      assertEquals(print(first), print(second), () -> before + " to " + after);
      SlimObject<NodeView> known = decode(first).with(print(first));
      SlimObject<NodeView> seen = sighted(known, second);

      assertEquals(decode(second).view(), seen.view(), () -> before + " to " + after);
      assertEquals(decode(second).getMetadata(), seen.getMetadata());
      assertEquals(print(second), seen.fingerprint());
      different.add(seen.view());
    }
    assertTrue(different.size() > ROUNDS / 2, different.size() + " views prove something");
  }

  /** Takes over what a decision does not depend on. */
  private void beat(JsonObject node, JsonObject from) {
    JsonObject meta = node.getAsJsonObject("metadata");
    meta.addProperty("resourceVersion", String.valueOf(random.nextInt(1 << random.nextInt(31))));
    take("managedFields", meta, from.getAsJsonObject("metadata"));
    JsonObject status = node.getAsJsonObject("status");
    for (String field : List.of("phase", "addresses", "volumesInUse")) {
      take(field, status, from.getAsJsonObject("status"));
    }
    JsonElement conditions = status.get("conditions");
    if (conditions != null) {
      conditions.getAsJsonArray().forEach(c -> beatCondition(c.getAsJsonObject()));
    }
  }

  private void beatCondition(JsonObject condition) {
    condition.remove("lastHeartbeatTime");
    if (random.nextInt(5) > 0) {
      condition.addProperty(
          "lastHeartbeatTime", Instant.ofEpochSecond(random.nextInt(1 << 30)).toString());
    }
  }

  private static void take(String field, JsonObject into, JsonObject from) {
    into.remove(field);
    if (from.has(field)) {
      into.add(field, from.get(field));
    }
  }

  /** Else the event would not switch the cache to JSON, and a write would lose the field. */
  @Test
  void unknownFieldOfATaintChangesIt() throws IOException {
    ProtobufBytes taint = new ProtobufBytes().string(1, "k").string(3, "NoSchedule");
    Fingerprint before = print(tainted(taint));

    assertNotEquals(before, print(tainted(taint.string(5, "later"))));
  }

  private static byte[] tainted(ProtobufBytes taint) {
    return new ProtobufBytes()
        .message(1, new ProtobufBytes().string(1, "a").string(6, "1"))
        .message(2, new ProtobufBytes().message(5, taint))
        .toBytes();
  }

  @Test
  void sameFieldsInOtherMessagesAreAnotherObject() throws IOException {
    ProtobufBytes whole = new ProtobufBytes().string(1, "Ready").string(2, "True");
    Set<Fingerprint> prints = new HashSet<>();
    for (ProtobufBytes status :
        List.of(
            new ProtobufBytes().message(4, whole),
            new ProtobufBytes()
                .message(4, new ProtobufBytes().string(1, "Ready"))
                .message(4, new ProtobufBytes().string(2, "True")),
            new ProtobufBytes().message(4, whole).message(4, new ProtobufBytes()),
            new ProtobufBytes().message(4, new ProtobufBytes()).message(4, whole))) {
      prints.add(print(new ProtobufBytes().message(3, status).toBytes()));
      prints.add(print(new ProtobufBytes().message(1, status).toBytes()));
    }
    // In metadata the field 4 is not read at all.
    assertEquals(5, prints.size());
  }

  @Test
  void cutMessageIsMalformed() {
    byte[] node = encode(objects.next("Node"));
    int refused = 0;
    for (int length = 1; length < node.length; length++) {
      byte[] cut = Arrays.copyOf(node, length);
      try {
        decode(cut);
      } catch (IOException e) {
        assertThrows(MalformedAnswerException.class, () -> print(cut));
        refused++;
      }
    }
    assertTrue(refused > 100, refused + " were refused");
  }
}
