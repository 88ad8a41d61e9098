// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import io.nodeqos.kube.wire.ProtobufMessage.Field;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The content of an object in protobuf in a few bytes. It covers all fields that are read, except
 * those that are not counted: objects with the same fingerprint decode to the same, up to these.
 *
 * <p>The two checksums have no common factor and so act as one of 64 bits: it shows each change
 * within eight bytes, and of other changes that keep the length it misses one in 2<sup>64</sup>.
 * Who makes a change on purpose so that it is missed could as well not make it. They are checksums
 * because the JVM has machine instructions for these without its second compiler, which the
 * Deployment does without.
 *
 * @param checksum CRC-32 and CRC-32C (RFC 3720) of the bytes
 * @param length number of the bytes
 */
public record Fingerprint(long checksum, int length) {
  /** Of no object: each one has at least a name. */
  public static final Fingerprint NONE = new Fingerprint(0, 0);

  /** The fingerprint of the message in {@code bytes[from..to)}. */
  public static Fingerprint of(byte[] bytes, int from, int to, ProtobufMessage message)
      throws MalformedAnswerException {
    Sum sum = new Sum(bytes);
    sum.add(from, to, message);
    return sum.result();
  }

  /** Adds up the bytes that count. */
  private static final class Sum {
    private final byte[] bytes;
    private final ProtobufWire wire;
    private final CRC32 first = new CRC32();
    private final CRC32C second = new CRC32C();
    private int length;

    Sum(byte[] bytes) {
      this.bytes = bytes;
      this.wire = new ProtobufWire(bytes);
    }

    void add(int from, int to, ProtobufMessage message) throws MalformedAnswerException {
      // Fields that count and follow one another are added at once.
      int begin = from;
      for (int at = from; at < to; ) {
        int next = wire.next(at, to);
        Field field = message.field(wire.field());
        if (field == null || !field.isWhole()) {
          add(begin, at);
          begin = next;
          if (field != null && field.counted()) {
            part(field);
          }
        }
        at = next;
      }
      add(begin, to);
    }

    /** A message with fields that do not count: without its length, which depends on them. */
    private void part(Field field) throws MalformedAnswerException {
      wire.require(field.kind().wireType());
      mark(field.number());
      add(wire.from(), wire.to(), field.message());
      // No field has this number, so that no part continues the one before.
      mark(0);
    }

    private void mark(int number) {
      first.update(number);
      second.update(number);
      length++;
    }

    private void add(int from, int to) {
      first.update(bytes, from, to - from);
      second.update(bytes, from, to - from);
      length += to - from;
    }

    Fingerprint result() {
      return new Fingerprint(first.getValue() << Integer.SIZE | second.getValue(), length);
    }
  }
}
