// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

/**
 * Parses a protobuf message in a part of an array, field by field, and keeps the position of the
 * last value. Never reads outside of the given part. For one thread.
 */
public final class ProtobufWire {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private static final int MAX_VARINT_BYTES = 10;

  private final byte[] bytes;
  private final Texts texts;

  private int at;
  private int field;
  private int type;
  private long number;
  private int from;
  private int to;

  public ProtobufWire(byte[] bytes) {
    this(bytes, RecentTexts::decoded);
  }

  ProtobufWire(byte[] bytes, Texts texts) {
    this.bytes = bytes;
    this.texts = texts;
  }

  /**
   * Reads one field.
   *
   * @param begin its start
   * @param end of the message
   * @return the start of the next field, or {@code end}
   */
  public int next(int begin, int end) throws MalformedAnswerException {
    at = begin;
    long tag = varint(end);
    field = (int) (tag >>> 3);
    type = (int) tag & 7;
    if (field == 0 || tag >>> 32 != 0) {
      throw new MalformedAnswerException("a protobuf message with the tag " + tag);
    }
    switch (type) {
      case VARINT -> number = varint(end);
      case FIXED64 -> value(Long.BYTES, end);
      case LENGTH -> value(varint(end), end);
      case FIXED32 -> value(Integer.BYTES, end);
      default ->
          throw new MalformedAnswerException("a protobuf message with the wire type " + type);
    }
    return at;
  }

  private void value(long length, int end) throws MalformedAnswerException {
    if (length < 0 || length > end - at) {
      throw new MalformedAnswerException(
          "a protobuf field of %s bytes where %d are left"
              .formatted(Long.toUnsignedString(length), end - at));
    }
    from = at;
    at += (int) length;
    to = at;
  }

  private long varint(int end) throws MalformedAnswerException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (at == end) {
        throw new MalformedAnswerException("a protobuf message that ends within a number");
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedAnswerException("a protobuf number of more than 10 bytes");
  }

  /** The number of the last field. */
  int field() {
    return field;
  }

  /** True when the last field has this number and a value with a length. */
  public boolean is(int wanted) throws MalformedAnswerException {
    if (field != wanted) {
      return false;
    }
    require(LENGTH);
    return true;
  }

  /** Checks how the last field is encoded. */
  void require(int wanted) throws MalformedAnswerException {
    if (type != wanted) {
      throw new MalformedAnswerException(
          "a protobuf field %d of wire type %d, not %d".formatted(field, type, wanted));
    }
  }

  /** The number in the last field, when it is a number. */
  long number() {
    return number;
  }

  /** The start of the value of the last field. */
  public int from() {
    return from;
  }

  /** The end of the value of the last field. */
  public int to() {
    return to;
  }

  /** Goes back to a value before the last. */
  void goTo(int valueFrom, int valueTo) {
    from = valueFrom;
    to = valueTo;
  }

  /** The value of the last field as text. */
  public String text() {
    return from == to ? "" : texts.text(bytes, from, to);
  }
}
