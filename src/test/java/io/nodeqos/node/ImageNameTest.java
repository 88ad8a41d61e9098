// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.nodeqos.node.value.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
  /** Pairs that the reference implementation made. */
  static Stream<Arguments> references() throws IOException {
    try (InputStream in = ImageNameTest.class.getResourceAsStream("/image-references.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .map(pair -> arguments(pair[0], pair[1]));
    }
  }

  @ParameterizedTest
  @MethodSource("references")
  void referencesAreReadAsByTheReferenceImplementation(String text, String full) {
    assertEquals(full, ImageName.isReference(text) ? ImageName.normalized(text) : "-");
  }

  @ParameterizedTest
  @MethodSource("references")
  void fullNameIsItsOwnFullName(String text, String full) {
    if (!full.equals("-")) {
      assertTrue(ImageName.isReference(full));
      assertEquals(full, ImageName.normalized(full));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx",
        "library/nginx",
        "docker.io/nginx",
        "docker.io/library/nginx",
        "index.docker.io/nginx",
        "index.docker.io/library/nginx"
      })
  void allNamesOfAnImageMatchThatImage(String name) {
    NodeView node = node("a").image("docker.io/library/nginx:1.27").build();
    assertEquals(List.of(), ImageName.missing(List.of(name + ":1.27"), node, List.of()));
    assertEquals(List.of(name), ImageName.missing(List.of(name), node, List.of()), "latest");
  }

  @Test
  void nodeStatusAndStartedContainersOfUnfinishedPodsAreEvidence() {
    List<String> refs = List.of("nginx:1.27", "example.com/cni:v1", "example.com/csi:v1");
    assertEquals(
        List.of("example.com/csi:v1"),
        ImageName.missing(
            refs,
            node("a").image("docker.io/library/nginx:1.27").build(),
            List.of(pod("cni", true), pod("csi", false, "Failed", false, Resources.NONE))));
  }
}
