// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Which fields of a protobuf message are read, and under which name they are in JSON. All others
 * are skipped. Immutable.
 */
public final class ProtobufMessage {
  private final String name;
  private final Field[] byNumber;
  private final boolean counted;

  /** The type of a field. A repeated field comes several times. */
  enum Kind {
    STRING,
    /** A whole number or a flag. */
    NUMBER,
    MESSAGE,
    /** A message whose fields are, in JSON, fields of the one it is in. */
    INLINE,
    /** {@code k8s.io.apimachinery.pkg.apis.meta.v1.Time}. */
    TIME,
    /** {@code k8s.io.apimachinery.pkg.api.resource.Quantity}. */
    QUANTITY,
    MAP_OF_STRINGS,
    MAP_OF_QUANTITIES;

    int wireType() {
      return this == NUMBER ? ProtobufWire.VARINT : ProtobufWire.LENGTH;
    }
  }

  /**
   * One field.
   *
   * @param name in JSON
   * @param message null unless the kind is a message
   * @param counted false for one that does not count in a {@link Fingerprint}, as any write or
   *     report changes it
   */
  record Field(int number, String name, Kind kind, ProtobufMessage message, boolean counted) {
    Field(int number, String name, Kind kind, ProtobufMessage message) {
      this(number, name, kind, message, true);
    }

    Field uncounted() {
      return new Field(number, name, kind, message, false);
    }

    /** True when it counts with all its bytes. */
    boolean isWhole() {
      return counted && (message == null || message.counted);
    }
  }

  ProtobufMessage(String name, Field... fields) {
    this.name = name;
    this.byNumber = new Field[Stream.of(fields).mapToInt(Field::number).max().orElse(0) + 1];
    for (Field field : fields) {
      byNumber[field.number()] = field;
    }
    this.counted = Stream.of(fields).allMatch(Field::isWhole);
  }

  static Field string(int number, String name) {
    return new Field(number, name, Kind.STRING, null);
  }

  static Field number(int number, String name) {
    return new Field(number, name, Kind.NUMBER, null);
  }

  static Field time(int number, String name) {
    return new Field(number, name, Kind.TIME, null);
  }

  static Field strings(int number, String name) {
    return new Field(number, name, Kind.MAP_OF_STRINGS, null);
  }

  static Field quantities(int number, String name) {
    return new Field(number, name, Kind.MAP_OF_QUANTITIES, null);
  }

  static Field message(int number, String name, ProtobufMessage message) {
    return new Field(number, name, Kind.MESSAGE, message);
  }

  static Field inline(int number, ProtobufMessage message) {
    return new Field(number, "", Kind.INLINE, message);
  }

  /** Null when it is not read. */
  Field field(int number) {
    return number < byNumber.length ? byNumber[number] : null;
  }

  /** No message: the initial value of a reader. */
  Field asRoot() {
    return new Field(0, "", Kind.MESSAGE, this);
  }

  String name() {
    return name;
  }

  /** One more than the highest number of a field that is read. */
  int size() {
    return byNumber.length;
  }

  @Override
  public String toString() {
    return name + Arrays.stream(byNumber).filter(f -> f != null).map(Field::name).toList();
  }
}
