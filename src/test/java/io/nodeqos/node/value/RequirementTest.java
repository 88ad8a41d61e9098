// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.value.Requirement.Operator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As the scheduler of Kubernetes 1.37 reads the requirements of node affinity. */
class RequirementTest {
  @ParameterizedTest(name = "{0} {1}: readable {2}, on fields {3}")
  @CsvSource({
    "IN,             a,    true,  true",
    "IN,             a b,  true,  false",
    "IN,             '',   false, false",
    "NOT_IN,         a,    true,  true",
    "NOT_IN,         '',   false, false",
    "EXISTS,         '',   true,  false",
    "EXISTS,         a,    false, false",
    "DOES_NOT_EXIST, '',   true,  false",
    "DOES_NOT_EXIST, a,    false, false",
    "GT,             5,    true,  false",
    "GT,             five, false, false",
    "GT,             5 6,  false, false",
    "LT,             5,    true,  false",
    "LT,             1.5,  false, false",
    "LT,             '',   false, false",
    "IN,             a/b,  false, true",
  })
  void eachOperatorHasItsNumberOfValues(
      Operator operator, String values, boolean readable, boolean onFields) {
    Requirement requirement = requirement(operator, values);
    assertEquals(readable, requirement.isReadable());
    assertEquals(onFields, requirement.isReadableOnFields());
  }

  @ParameterizedTest(name = "label {2} of {0} {1}: {3}")
  @CsvSource({
    "IN,             4 5, 5,  true",
    "IN,             4 5, 6,  false",
    "IN,             4 5, ,   false",
    "NOT_IN,         4 5, 5,  false",
    "NOT_IN,         4 5, 6,  true",
    "NOT_IN,         4 5, ,   true",
    "EXISTS,         '',  5,  true",
    "EXISTS,         '',  ,   false",
    "DOES_NOT_EXIST, '',  5,  false",
    "DOES_NOT_EXIST, '',  ,   true",
    "GT,             5,   6,  true",
    "GT,             5,   5,  false",
    "GT,             5,   10, true",
    "GT,             5,   x,  false",
    "GT,             5,   ,   false",
    "LT,             5,   4,  true",
    "LT,             5,   5,  false",
    "LT,             5,   -9, true",
    "LT,             5 6, 4,  false",
  })
  void labelMatches(Operator operator, String values, String label, boolean matches) {
    assertEquals(
        matches,
        requirement(operator, values).matches(label == null ? Map.of() : Map.of("key", label)));
  }

  private static Requirement requirement(Operator operator, String values) {
    return new Requirement(
        "key", operator, values.isEmpty() ? List.of() : List.of(values.split(" ")));
  }
}
