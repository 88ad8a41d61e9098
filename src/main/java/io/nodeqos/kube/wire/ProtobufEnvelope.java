// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import okhttp3.MediaType;
import okhttp3.ResponseBody;

/**
 * The envelope of an object in protobuf: four magic bytes, then a {@code runtime.Unknown} with the
 * kind and the bytes of the object.
 *
 * @param kind for example {@code Node}
 * @param from where the message starts
 * @param to where it ends
 */
public record ProtobufEnvelope(String kind, int from, int to) {
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  /** The bytes "k8s" and a zero, as a number. */
  static final int MAGIC = 0x6b387300;

  /** The fields of {@code runtime.Unknown}. */
  static final int TYPE_META = 1;

  static final int RAW = 2;

  private static final int KIND = 2;

  /** True when the media type is protobuf. */
  public static boolean isIn(ResponseBody body) {
    MediaType type = body.contentType();
    return type != null && MEDIA_TYPE.equals(type.type() + "/" + type.subtype());
  }

  /** Opens the one in {@code bytes[from..to)}. */
  public static ProtobufEnvelope open(byte[] bytes, int from, int to)
      throws MalformedAnswerException {
    if (to - from < Integer.BYTES || magic(bytes, from) != MAGIC) {
      throw new MalformedAnswerException("an object in protobuf without the bytes \"k8s\"");
    }
    ProtobufWire wire = new ProtobufWire(bytes);
    String kind = "";
    int rawFrom = -1;
    int rawTo = -1;
    for (int at = from + Integer.BYTES; at < to; ) {
      at = wire.next(at, to);
      if (wire.is(TYPE_META)) {
        kind = kind(wire);
      } else if (wire.is(RAW)) {
        rawFrom = wire.from();
        rawTo = wire.to();
      }
    }
    if (rawFrom < 0) {
      throw new MalformedAnswerException("an object in protobuf without content");
    }
    return new ProtobufEnvelope(kind, rawFrom, rawTo);
  }

  private static int magic(byte[] bytes, int from) {
    int magic = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      magic = magic << Byte.SIZE | bytes[from + i] & 0xff;
    }
    return magic;
  }

  /** The kind in the TypeMeta that was read last. */
  static String kind(ProtobufWire wire) throws MalformedAnswerException {
    String kind = "";
    int end = wire.to();
    for (int at = wire.from(); at < end; ) {
      at = wire.next(at, end);
      if (wire.is(KIND)) {
        kind = wire.text();
      }
    }
    return kind;
  }
}
