// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Streams an object of an API that may be newer than this program: a value that is null or of
 * another kind than expected is skipped and reads as empty. For one thread.
 *
 * <p>The elements of a list and the entries of a map may come in several portions, each under the
 * name of the field: the reader of a portion adds to the earlier ones.
 */
public interface TolerantReader {

  /** Reads one field's value, or calls {@link #skip}. */
  interface FieldReader {
    void read(String name) throws IOException;
  }

  /** Reads one element of an array. */
  interface ElementReader {
    void read() throws IOException;
  }

  /**
   * Reads an object or a map field by field.
   *
   * @return false when there is another kind of value, which is skipped
   */
  boolean object(FieldReader fields) throws IOException;

  /** Like {@link #object}, for a value that is required. */
  void requiredObject(String what, FieldReader fields) throws IOException;

  /** Reads a portion of an array element by element; skips another kind of value. */
  void array(ElementReader elements) throws IOException;

  /** The string, empty when there is none; of a time its RFC 3339 form. */
  String string() throws IOException;

  /** The text of a quantity, empty when there is none. */
  String quantity() throws IOException;

  /** The time, {@link Instant#EPOCH} when there is none. */
  Instant instant() throws IOException;

  /** The whole number, 0 when there is none. */
  long wholeNumber() throws IOException;

  /** True for the value {@code true} only. */
  boolean flag() throws IOException;

  /** Adds a portion of the string values of a map whose keys are wanted. */
  void strings(Predicate<String> wanted, Map<String, String> into) throws IOException;

  /**
   * The value as a tree: for small values that are kept as they are.
   *
   * @throws UnknownFieldException when it has a field that cannot be kept
   */
  JsonElement tree() throws IOException;

  void skip() throws IOException;
}
