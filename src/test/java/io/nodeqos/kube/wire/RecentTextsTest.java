// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts are those of the bytes, whatever was read before. */
class RecentTextsTest {
  private final RecentTexts texts = new RecentTexts();

  @Test
  void anyBytesReadAsTheirText() {
    Random random = new Random(20261129);
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = new byte[random.nextInt(round % 100 == 0 ? 1200 : 24)];
      random.nextBytes(bytes);
      if (random.nextInt(4) > 0) {
        // Few different ones, so that they come again and meet in the slots.
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) ('a' + (bytes[i] & 1));
        }
      }
      int from = random.nextInt(bytes.length + 1);
      int to = from + random.nextInt(bytes.length - from + 1);

      assertEquals(
          new String(bytes, from, to - from, StandardCharsets.UTF_8), texts.text(bytes, from, to));
    }
  }

  private String text(String text) {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return texts.text(bytes, 1, bytes.length - 1);
  }

  @Test
  void laterChangeOfTheBytesDoesNotChangeTheText() {
    byte[] bytes = "worker-17".getBytes(StandardCharsets.UTF_8);
    String before = texts.text(bytes, 0, bytes.length);
    bytes[8] = '8';

    assertEquals("worker-17", before);
    assertEquals("worker-18", texts.text(bytes, 0, bytes.length));
    assertEquals("worker-17", text("worker-17"));
  }

  @Test
  void namesOfImagesAreDecodedOnce() {
    String[] names =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    "registry.example.com/platform/service-%02d@sha256:%064x"
                        .formatted(i, (0x9e3779b97f4a7c15L * (i + 1)) >>> 1))
            .toArray(String[]::new);
    Set<String> first = Collections.newSetFromMap(new IdentityHashMap<>());
    for (String name : names) {
      first.add(text(name));
    }
    int same = 0;
    for (String name : names) {
      String again = text(name);
      assertEquals(name, again);
      same += first.contains(again) ? 1 : 0;
    }
    assertTrue(same > 180, same + " of 200 are the same objects");
  }

  @Test
  void longTextsAreNotKept() {
    String longest = "x".repeat(512);
    assertSame(text(longest), text(longest));
    assertNotSame(text(longest + "x"), text(longest + "x"));
  }
}
