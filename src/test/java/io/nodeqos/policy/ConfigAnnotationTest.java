// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.value.Resources;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigAnnotationTest {
  @Test
  void publishedReservationIsReadBack() {
    assertEquals(
        Optional.of(new Resources(1500, 1L << 30, 0)),
        ConfigAnnotation.reservation("{\"reservation\":{\"cpu\":\"1500m\",\"memory\":\"1Gi\"}}"));
  }

  @Test
  void sourcesAreThePolicies() {
    assertEquals(
        Set.of("a", "b"),
        ConfigAnnotation.sources("{\"sources\":{\"quota\":\"a\",\"images\":\"b\",\"x\":[]}}"));
  }

  @Test
  void quotaResourcesAreThoseThatItsClassesMayHave() {
    assertEquals(
        Set.of("nodeqos.io/a-cpu", "nodeqos.io/a-memory"),
        ConfigAnnotation.quotaResources(
            "{\"quota\":{\"classes\":[{\"name\":\"a\"},{\"name\":[]},{},null,3]}}"));
    assertEquals(Set.of(), ConfigAnnotation.quotaResources(null));
  }

  /** Any writer may change the annotation: nothing in it may stop the work on the node. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{} trailing",
        "{\"quota\":3}",
        "{\"quota\":{\"classes\":3}}",
        "{\"reservation\":3,\"sources\":3}",
        "{\"reservation\":{\"cpu\":[]},\"sources\":[]}",
        "{\"reservation\":{\"cpu\":[1,2]}}",
        "{\"reservation\":{\"cpu\":{}}}",
        "{\"reservation\":{\"cpu\":null}}",
        "{\"reservation\":{\"cpu\":\"much\"}}"
      })
  void foreignAnnotationHasNoReservationAndNoSource(String value) {
    assertEquals(Optional.empty(), ConfigAnnotation.reservation(value));
    assertEquals(Set.of(), ConfigAnnotation.sources(value));
    assertEquals(Set.of(), ConfigAnnotation.quotaResources(value));
  }
}
