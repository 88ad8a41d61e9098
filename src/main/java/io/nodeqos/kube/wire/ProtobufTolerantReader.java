// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.nodeqos.kube.wire.ProtobufMessage.Field;
import io.nodeqos.kube.wire.ProtobufMessage.Kind;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Streams one protobuf message. A field that is not in its {@link ProtobufMessage} costs one
 * addition, however long it is. Each element of a list and each entry of a map is a portion of its
 * own.
 */
public final class ProtobufTolerantReader implements TolerantReader {
  private static final Field STRING = ProtobufMessage.string(0, "");
  private static final Field QUANTITY = new Field(0, "", Kind.QUANTITY, null);

  private final ProtobufWire wire;

  /** The kind of the value that {@link #wire} has last read. */
  private Field value;

  /** Reads the message in {@code bytes[from..to)}, which may be changed after it was read. */
  public ProtobufTolerantReader(byte[] bytes, int from, int to, ProtobufMessage message) {
    this(new ProtobufWire(bytes), from, to, message);
  }

  /**
   * As the other constructor.
   *
   * @param texts those of the messages before
   */
  public ProtobufTolerantReader(
      byte[] bytes, int from, int to, ProtobufMessage message, RecentTexts texts) {
    this(new ProtobufWire(bytes, texts), from, to, message);
  }

  private ProtobufTolerantReader(ProtobufWire wire, int from, int to, ProtobufMessage message) {
    this.wire = wire;
    this.value = message.asRoot();
    wire.goTo(from, to);
  }

  @Override
  public boolean object(FieldReader fields) throws IOException {
    switch (value.kind()) {
      case MESSAGE -> fields(value.message(), fields);
      case MAP_OF_STRINGS, MAP_OF_QUANTITIES -> fields.read(entry());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void fields(ProtobufMessage message, FieldReader fields) throws IOException {
    int end = wire.to();
    for (int at = wire.from(); at < end; ) {
      at = wire.next(at, end);
      Field field = message.field(wire.field());
      if (field != null) {
        wire.require(field.kind().wireType());
        if (field.kind() == Kind.INLINE) {
          fields(field.message(), fields);
        } else {
          value = field;
          fields.read(field.name());
        }
      }
    }
  }

  /** Reads the key of a map's entry and makes its value the one that is read next. */
  private String entry() throws IOException {
    value = value.kind() == Kind.MAP_OF_QUANTITIES ? QUANTITY : STRING;
    String key = "";
    int end = wire.to();
    int valueFrom = end;
    int valueTo = end;
    for (int at = wire.from(); at < end; ) {
      at = wire.next(at, end);
      if (wire.is(1)) {
        key = wire.text();
      } else if (wire.is(2)) {
        valueFrom = wire.from();
        valueTo = wire.to();
      }
    }
    wire.goTo(valueFrom, valueTo);
    return key;
  }

  @Override
  public void requiredObject(String what, FieldReader fields) throws IOException {
    if (!object(fields)) {
      throw new MalformedAnswerException("expected " + what);
    }
  }

  @Override
  public void array(ElementReader elements) throws IOException {
    elements.read();
  }

  @Override
  public String string() throws IOException {
    return switch (value.kind()) {
      case STRING -> wire.text();
      case TIME -> wire.from() == wire.to() ? "" : instant().toString();
      default -> "";
    };
  }

  @Override
  public String quantity() throws IOException {
    String text = "";
    if (value.kind() == Kind.QUANTITY) {
      int end = wire.to();
      for (int at = wire.from(); at < end; ) {
        at = wire.next(at, end);
        if (wire.is(1)) {
          text = wire.text();
        }
      }
    }
    return text;
  }

  /** Whole seconds, as in JSON: API machinery ignores the field for nanoseconds too. */
  @Override
  public Instant instant() throws IOException {
    long seconds = 0;
    if (value.kind() == Kind.TIME) {
      int end = wire.to();
      for (int at = wire.from(); at < end; ) {
        at = wire.next(at, end);
        if (wire.field() == 1) {
          wire.require(ProtobufWire.VARINT);
          seconds = wire.number();
        }
      }
    }
    try {
      return Instant.ofEpochSecond(seconds);
    } catch (DateTimeException notATime) {
      return Instant.EPOCH;
    }
  }

  @Override
  public long wholeNumber() {
    return value.kind() == Kind.NUMBER ? wire.number() : 0;
  }

  @Override
  public boolean flag() {
    return wholeNumber() != 0;
  }

  @Override
  public void strings(Predicate<String> wanted, Map<String, String> into) throws IOException {
    if (value.kind() == Kind.MAP_OF_STRINGS) {
      String key = entry();
      if (wanted.test(key)) {
        into.put(key, wire.text());
      }
    }
  }

  /** A message of strings and times, as in JSON: an empty field is left out. */
  @Override
  public JsonElement tree() throws IOException {
    if (value.kind() != Kind.MESSAGE) {
      return JsonNull.INSTANCE;
    }
    ProtobufMessage message = value.message();
    String[] texts = new String[message.size()];
    int end = wire.to();
    for (int at = wire.from(); at < end; ) {
      at = wire.next(at, end);
      Field field = message.field(wire.field());
      if (field == null) {
        throw new UnknownFieldException(message.name(), wire.field());
      }
      wire.require(field.kind().wireType());
      value = field;
      texts[field.number()] = string();
    }
    JsonObject tree = new JsonObject();
    for (int number = 0; number < texts.length; number++) {
      if (texts[number] != null && !texts[number].isEmpty()) {
        tree.addProperty(message.field(number).name(), texts[number]);
      }
    }
    return tree;
  }

  /** Does nothing: each value has a known end. */
  @Override
  public void skip() {}
}
