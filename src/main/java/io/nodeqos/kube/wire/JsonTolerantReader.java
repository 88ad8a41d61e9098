// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;

/** Streams JSON. Only text that is not JSON is an error. */
public final class JsonTolerantReader implements TolerantReader {
  private final JsonReader in;

  public JsonTolerantReader(Reader source) {
    this.in = new JsonReader(source);
    // A watch is a sequence of top-level values, which only the lenient reader takes.
    in.setStrictness(Strictness.LENIENT);
  }

  @Override
  public boolean object(FieldReader fields) throws IOException {
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

  @Override
  public void requiredObject(String what, FieldReader fields) throws IOException {
    if (in.peek() != JsonToken.BEGIN_OBJECT) {
      throw new MalformedJsonException("expected " + what + " but found " + in.peek());
    }
    object(fields);
  }

  @Override
  public void array(ElementReader elements) throws IOException {
    if (in.peek() != JsonToken.BEGIN_ARRAY) {
      in.skipValue();
      return;
    }
    in.beginArray();
    while (in.hasNext()) {
      elements.read();
    }
    in.endArray();
  }

  @Override
  public String string() throws IOException {
    if (in.peek() != JsonToken.STRING) {
      in.skipValue();
      return "";
    }
    return in.nextString();
  }

  /** A quantity may be written as a string or as a number. */
  @Override
  public String quantity() throws IOException {
    return in.peek() == JsonToken.NUMBER ? in.nextString() : string();
  }

  @Override
  public Instant instant() throws IOException {
    String text = string();
    try {
      return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeException notATime) {
      return Instant.EPOCH;
    }
  }

  @Override
  public long wholeNumber() throws IOException {
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

  @Override
  public boolean flag() throws IOException {
    if (in.peek() != JsonToken.BOOLEAN) {
      in.skipValue();
      return false;
    }
    return in.nextBoolean();
  }

  @Override
  public void strings(Predicate<String> wanted, Map<String, String> into) throws IOException {
    object(
        key -> {
          if (in.peek() == JsonToken.STRING && wanted.test(key)) {
            into.put(key, in.nextString());
          } else {
            in.skipValue();
          }
        });
  }

  @Override
  public JsonElement tree() throws IOException {
    try {
      return JsonParser.parseReader(in);
    } catch (JsonParseException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new MalformedJsonException("not JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public void skip() throws IOException {
    in.skipValue();
  }

  /** True at the end of the text, where another top-level value could start. */
  public boolean atEnd() throws IOException {
    return in.peek() == JsonToken.END_DOCUMENT;
  }

  /**
   * Reads the rest, usually a line feed. A reply over HTTP/2 that is closed before its end resets
   * the stream: one more frame for both sides, and for the server a cancelled request.
   */
  public void skipToEnd() throws IOException {
    while (!atEnd()) {
      skip();
    }
  }
}
