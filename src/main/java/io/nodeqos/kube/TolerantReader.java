// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Streams JSON of an API that may be newer than this program: a value that is null or of another
 * kind than asked for is skipped and reads as empty. Only text that is not JSON is an error.
 */
final class TolerantReader {
  private final JsonReader in;

  /** Reads one field's value, or calls {@link #skip}. */
  interface FieldReader {
    void read(String name) throws IOException;
  }

  /** Reads one element of an array. */
  interface ElementReader {
    void read() throws IOException;
  }

  TolerantReader(Reader source) {
    this.in = new JsonReader(source);
    // A watch is a sequence of top-level values, which only the lenient reader takes.
    in.setStrictness(Strictness.LENIENT);
  }

  /**
   * Reads an object field by field.
   *
   * @return false when there is another kind of value, which is skipped
   */
  boolean object(FieldReader fields) throws IOException {
    if (in.peek() != JsonToken.BEGIN_OBJECT) {
      in.skipValue();
      return false;
    }
    in.beginObject();
    while (in.hasNext()) {
      fields.read(in.nextName());
    }
    in.endObject();
    return true;
  }

  /** Like {@link #object}, for the value that the rest makes no sense without. */
  void requiredObject(String what, FieldReader fields) throws IOException {
    if (in.peek() != JsonToken.BEGIN_OBJECT) {
      throw new MalformedJsonException("expected " + what + " but found " + in.peek());
    }
    object(fields);
  }

  /**
   * Reads an array element by element.
   *
   * @return false when there is another kind of value, which is skipped
   */
  boolean array(ElementReader elements) throws IOException {
    if (in.peek() != JsonToken.BEGIN_ARRAY) {
      in.skipValue();
      return false;
    }
    in.beginArray();
    while (in.hasNext()) {
      elements.read();
    }
    in.endArray();
    return true;
  }

  /** The string, empty when there is none. */
  String string() throws IOException {
    if (in.peek() != JsonToken.STRING) {
      in.skipValue();
      return "";
    }
    return in.nextString();
  }

  /** The text of a quantity, which may be written as a string or a number; empty when neither. */
  String stringOrNumber() throws IOException {
    return in.peek() == JsonToken.NUMBER ? in.nextString() : string();
  }

  /** The whole number, 0 when there is none. */
  long wholeNumber() throws IOException {
    if (in.peek() != JsonToken.NUMBER) {
      in.skipValue();
      return 0;
    }
    try {
      return in.nextLong();
    } catch (NumberFormatException notWhole) {
      in.skipValue();
      return 0;
    }
  }

  /** True for the value {@code true} only. */
  boolean flag() throws IOException {
    if (in.peek() != JsonToken.BOOLEAN) {
      in.skipValue();
      return false;
    }
    return in.nextBoolean();
  }

  /** The string values of an object whose keys are wanted, a fresh map. */
  Map<String, String> strings(Predicate<String> wanted) throws IOException {
    Map<String, String> result = new HashMap<>();
    object(
        key -> {
          if (in.peek() == JsonToken.STRING && wanted.test(key)) {
            result.put(key, in.nextString());
          } else {
            in.skipValue();
          }
        });
    return result;
  }

  /** The next value as a tree: for what is kept as it is, and small. */
  JsonElement tree() throws IOException {
    try {
      return JsonParser.parseReader(in);
    } catch (JsonParseException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new MalformedJsonException("not JSON: " + e.getMessage(), e);
    }
  }

  void skip() throws IOException {
    in.skipValue();
  }

  /** True at the end of the text, where another top-level value could have begun. */
  boolean atEnd() throws IOException {
    return in.peek() == JsonToken.END_DOCUMENT;
  }

  /**
   * Reads what is left, usually a line feed. A reply over HTTP/2 that is closed before its end
   * resets the stream: one more frame for both sides, and for the server a cancelled request.
   */
  void skipToEnd() throws IOException {
    while (!atEnd()) {
      skip();
    }
  }
}
