// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.fixture.PolicyFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPatchTest {
  @Test
  void fieldOrderAndForeignFieldsAreNoDifference() {
    StatusPatch wanted =
        new StatusPatch(json("{'observedGeneration': 1, 'nodes': {'warm': 1, 'matched': 2}}"));
    assertTrue(
        wanted.isIn(
            json("{'nodes': {'matched': 2, 'warm': 1}, 'other': [], 'observedGeneration': 1}")));
    assertFalse(wanted.isIn(json("{'observedGeneration': 1}")));
    assertFalse(wanted.isIn(json("{'observedGeneration': 1, 'nodes': {'matched': 2, 'warm': 2}}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'a': 1}                  | {}                       | {'a': 1}
          {'a': {'b': 1, 'c': null}}| {'a': {'c': 2, 'd': 3}}  | {'a': {'b': 1, 'd': 3}}
          {'a': {'b': 1, 'c': null}}| {'a': 'spoilt', 'z': 1}  | {'a': {'b': 1}, 'z': 1}
          {'a': null}               | {'a': {'b': 1}}          | {}
          {'a': [1]}                | {'a': [2, 3]}            | {'a': [1]}
          """)
  void patchIsInTheStatusThatItMakes(String patch, String before, String after) {
    JsonObject status = json(before);
    StatusPatch change = new StatusPatch(json(patch));
    assertFalse(change.isIn(status));
    JsonObject changed = change.appliedTo(status);
    assertEquals(json(after), changed);
    assertTrue(change.isIn(changed));
    assertEquals(json(before), status, "it is not changed itself");
  }
}
