// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes protobuf as an API server does. */
public final class ProtobufBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtobufBytes varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  ProtobufBytes tag(int field, int wireType) {
    return varint((long) field << 3 | wireType);
  }

  ProtobufBytes number(int field, long value) {
    return tag(field, 0).varint(value);
  }

  ProtobufBytes bytes(int field, byte[] value) {
    return tag(field, 2).varint(value.length).raw(value);
  }

  ProtobufBytes string(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufBytes message(int field, ProtobufBytes message) {
    return bytes(field, message.toBytes());
  }

  ProtobufBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  /** An object as it is in an answer. */
  static byte[] envelope(String kind, byte[] object) {
    return new ProtobufBytes()
        .raw((byte) 'k', (byte) '8', (byte) 's', (byte) 0)
        .message(1, new ProtobufBytes().string(1, "v1").string(2, kind))
        .bytes(2, object)
        .string(3, "")
        .string(4, "")
        .toBytes();
  }

  /** An event of a watch. */
  public static byte[] frame(String type, String kind, byte[] object) {
    return frame(
        new ProtobufBytes()
            .string(1, type)
            .message(2, new ProtobufBytes().bytes(1, envelope(kind, object)))
            .toBytes());
  }

  static byte[] frame(byte[] message) {
    return ByteBuffer.allocate(4 + message.length).putInt(message.length).put(message).array();
  }

  /** A list as it is in an answer. */
  public static byte[] list(String kind, String resourceVersion, String next, byte[]... items) {
    ProtobufBytes list =
        new ProtobufBytes()
            .message(
                1, new ProtobufBytes().string(1, "").string(2, resourceVersion).string(3, next));
    for (byte[] item : items) {
      list.bytes(2, item);
    }
    return envelope(kind, list.toBytes());
  }

  static byte[] status(int code, String reason, String message, int retryAfterSeconds) {
    return new ProtobufBytes()
        .message(1, new ProtobufBytes().string(2, ""))
        .string(2, "Failure")
        .string(3, message)
        .string(4, reason)
        .message(5, new ProtobufBytes().string(1, "x").number(5, retryAfterSeconds))
        .number(6, code)
        .toBytes();
  }
}
