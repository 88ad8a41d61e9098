// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import okio.BufferedSource;

/**
 * Reads protobuf from the network, a field or a message at a time, into one buffer that is used
 * again and again. For one thread.
 */
public final class ProtobufSource {
  /** No object of an API server comes near it: etcd takes 1.5 MiB. */
  static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  /** There is one for each watch, and most are quiet. */
  private static final int INITIAL_BUFFER_BYTES = 4 * 1024;

  /** A buffer that grew beyond is not kept, as the large object may never come again. */
  private static final int MAX_RETAINED_BUFFER_BYTES = 256 * 1024;

  private static final int MAX_VARINT_BYTES = 10;

  private final BufferedSource in;
  private byte[] buffer = new byte[INITIAL_BUFFER_BYTES];
  private long left = Long.MAX_VALUE;

  public ProtobufSource(BufferedSource in) {
    this.in = in;
  }

  /** Waits; true at the end of the answer. */
  public boolean exhausted() throws IOException {
    return in.exhausted();
  }

  /** A number of four bytes. */
  public int fixed32() throws IOException {
    return in.readInt();
  }

  /** How many bytes are left of the part that {@link #limit} started. */
  long left() {
    return left;
  }

  /**
   * Starts a part: no byte behind it is read until {@link #unlimited}.
   *
   * @param length of it in bytes
   */
  void limit(long length) {
    left = length;
  }

  void unlimited() {
    left = Long.MAX_VALUE;
  }

  long varint() throws IOException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      spend(1);
      byte b = in.readByte();
      value |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedAnswerException("a protobuf number of more than 10 bytes");
  }

  /** The length of a value, which must be within the part. */
  long length() throws IOException {
    long length = varint();
    if (length < 0 || length > left) {
      throw new MalformedAnswerException(
          "a protobuf field of %s bytes where %d are left"
              .formatted(Long.toUnsignedString(length), left));
    }
    return length;
  }

  private void spend(long bytes) throws MalformedAnswerException {
    if (bytes > left) {
      throw new MalformedAnswerException("a protobuf message that ends within a field");
    }
    left -= bytes;
  }

  /** Skips the value of a field. */
  void skip(int wireType) throws IOException {
    switch (wireType) {
      case ProtobufWire.VARINT -> varint();
      case ProtobufWire.FIXED64 -> skipBytes(Long.BYTES);
      case ProtobufWire.LENGTH -> skipBytes(length());
      case ProtobufWire.FIXED32 -> skipBytes(Integer.BYTES);
      default ->
          throw new MalformedAnswerException("a protobuf message with the wire type " + wireType);
    }
  }

  private void skipBytes(long bytes) throws IOException {
    spend(bytes);
    in.skip(bytes);
  }

  /**
   * Reads a message.
   *
   * @return starts with it, and is overwritten by the next
   */
  public byte[] message(long length) throws IOException {
    if (length < 0 || length > MAX_MESSAGE_BYTES) {
      throw new MalformedAnswerException(
          "a protobuf message of %d bytes (at most %d are allowed)"
              .formatted(length, MAX_MESSAGE_BYTES));
    }
    spend(length);
    if (buffer.length > MAX_RETAINED_BUFFER_BYTES && length <= MAX_RETAINED_BUFFER_BYTES) {
      buffer = new byte[INITIAL_BUFFER_BYTES];
    }
    int have = 0;
    while (have < length) {
      if (have == buffer.length) {
        // Grown by the bytes that have arrived, not by the announced length.
        buffer = Arrays.copyOf(buffer, (int) Math.min(MAX_MESSAGE_BYTES, 2L * have));
      }
      int read = in.read(buffer, have, (int) Math.min(length, buffer.length) - have);
      if (read < 0) {
        throw new EOFException("%d of %d bytes of a message came".formatted(have, length));
      }
      have += read;
    }
    return buffer;
  }
}
