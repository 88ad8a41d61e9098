// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTextTest {
  @Test
  void documentsAreJson() throws NotYamlException {
    assertEquals(
        "[{\"a\":1,\"b\":[true,null,\"2026-01-01\",1.5],\"3\":{}},null,\"x\"]",
        new YamlText("{a: 1, b: [true, null, 2026-01-01, 1.5], 3: {}}\n---\n---\nx\n")
            .documents()
            .toString()
            .replace(", ", ","));
  }

  @Test
  void emptyTextHasNoRoot() throws NotYamlException {
    assertEquals(Optional.empty(), new YamlText("# nothing\n").root());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: [1, 2  | f:1: is not YAML: expected ',' or ']', but got <stream end>",
        "{a: 1, a: 2}  | f:1: is not YAML: found duplicate key a",
        "a: &x {b: *x} | f: is not YAML: a value is nested too deeply, or contains itself",
        "a: .nan  | f: is not YAML: NaN is no number that JSON has",
        "a: !!binary aGVsbG8=  | f: is not YAML: a value of type byte[] is none that JSON has",
        "a: !!java.util.Date 1  | f:1: is not YAML: Global tag is not allowed: tag:yaml.org,2002:java.util.Date",
      })
  void mistakeIsOneSentence(String text, String sentence) {
    assertEquals(
        sentence,
        assertThrows(NotYamlException.class, () -> new YamlText(text).documents()).sentence("f"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: &x {b: 1}§c: *x | f: is not YAML: Number of aliases for non-scalar nodes exceeds the specified max=0",
        "a: 1§---§b: 2 | f:2: is not YAML: but found another document",
        "a: b\u0007c | f: is not YAML: special characters are not allowed",
      })
  void rootIsOneDocument(String text, String sentence) {
    assertEquals(
        sentence,
        assertThrows(NotYamlException.class, () -> new YamlText(text.replace('§', '\n')).root())
            .sentence("f"));
  }
}
