// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header of one member of a tar archive (POSIX ustar).
 *
 * @param isFile false for a directory or the attributes of another member
 */
record TarHeader(String name, long size, boolean isFile) {
  static final int BLOCK = 512;

  private static final int NAME = 100;
  private static final int MODE_AT = 100;
  private static final int SIZE_AT = 124;
  private static final int TIME_AT = 136;
  private static final int SUM_AT = 148;
  private static final int TYPE_AT = 156;
  private static final int MAGIC_AT = 257;

  byte[] block(long secondsSinceEpoch) {
    byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    if (nameBytes.length > NAME) {
      throw new IllegalArgumentException(name + " is longer than " + NAME);
    }
    byte[] block = new byte[BLOCK];
    System.arraycopy(nameBytes, 0, block, 0, nameBytes.length);
    put(block, MODE_AT, "0000600\0" + "0000000\0" + "0000000\0");
    put(block, SIZE_AT, "%011o\0".formatted(size));
    put(block, TIME_AT, "%011o\0".formatted(secondsSinceEpoch));
    put(block, TYPE_AT, "0");
    put(block, MAGIC_AT, "ustar\0" + "00");
    put(block, SUM_AT, "%06o\0 ".formatted(sum(block)));
    return block;
  }

  /**
   * Reads a header.
   *
   * @throws DumpException with a clause when these bytes are none
   */
  static TarHeader of(byte[] block) throws DumpException {
    try {
      if (number(block, SUM_AT, 8) == sum(block)) {
        byte type = block[TYPE_AT];
        long size = number(block, SIZE_AT, 12);
        if (size >= 0) {
          return new TarHeader(text(block, 0, NAME), size, type == '0' || type == 0);
        }
      }
    } catch (NumberFormatException e) {
      throw new DumpException("is not a tar archive", e);
    }
    throw new DumpException("is not a tar archive");
  }

  static boolean isEnd(byte[] block) {
    return Arrays.equals(block, new byte[BLOCK]);
  }

  /** Bytes after the content up to the next header. */
  long padding() {
    return (BLOCK - size % BLOCK) % BLOCK;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static String text(byte[] block, int at, int length) {
    String all = StandardCharsets.US_ASCII.decode(ByteBuffer.wrap(block, at, length)).toString();
    int end = all.indexOf('\0');
    return end < 0 ? all : all.substring(0, end);
  }

  private static long number(byte[] block, int at, int length) {
    return Long.parseLong(text(block, at, length).strip(), 8);
  }

  /** Of all bytes, with spaces in place of the sum itself. */
  private static long sum(byte[] block) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= SUM_AT && i < SUM_AT + 8 ? ' ' : block[i] & 0xff;
    }
    return sum;
  }
}
