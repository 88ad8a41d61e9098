// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gives texts that come again and again (label keys, image names) without decoding them again. For
 * one thread.
 */
public final class RecentTexts implements Texts {
  /** A few times as many as there are different texts in the Nodes of a cluster. */
  private static final int SLOTS = 4096;

  /** Longer than the name of an image with its digest; longer texts rarely come twice. */
  private static final int LONGEST = 512;

  /** Names of one registry, or of one version, differ in few places: the end counts in full. */
  private static final int END = 16;

  private Entry[] entries = {};

  private static final class Entry {
    private final byte[] bytes;
    private final String text;

    Entry(byte[] bytes, String text) {
      this.bytes = bytes;
      this.text = text;
    }
  }

  @Override
  public String text(byte[] bytes, int from, int to) {
    if (to - from > LONGEST) {
      return decoded(bytes, from, to);
    }
    if (entries.length == 0) {
      // Many sources come in JSON only.
      entries = new Entry[SLOTS];
    }
    int slot = slot(bytes, from, to);
    Entry last = entries[slot];
    if (last != null && Arrays.equals(last.bytes, 0, last.bytes.length, bytes, from, to)) {
      return last.text;
    }
    String text = decoded(bytes, from, to);
    entries[slot] = new Entry(Arrays.copyOfRange(bytes, from, to), text);
    return text;
  }

  static String decoded(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static int slot(byte[] bytes, int from, int to) {
    int hash = to - from;
    int end = Math.max(from, to - END);
    int step = 1 + (end - from) / END;
    for (int i = from; i < end; i += step) {
      hash = 31 * hash + bytes[i];
    }
    for (int i = end; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return (hash ^ hash >>> 15) & (SLOTS - 1);
  }
}
