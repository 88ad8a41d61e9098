// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class CrdReferenceTest {
  private static final Set<String> OF_ALL_OBJECTS = Set.of("apiVersion", "kind", "metadata");

  @Test
  void pageDescribesTheCrd() throws IOException {
    new GeneratedPage("crd-reference.md").assertHolds(new CrdReference(crd()).markdown());
  }

  @Test
  void eachFieldHasADescription() throws IOException {
    assertEquals(List.of(), undescribed("", new CrdReference(crd()).schema()).toList());
  }

  private static Stream<String> undescribed(String path, SchemaNode node) {
    return node.item().fields().entrySet().stream()
        .filter(field -> !OF_ALL_OBJECTS.contains(path + field.getKey()))
        .flatMap(
            field -> {
              String name = path + field.getKey();
              Stream<String> below = undescribed(name + ".", field.getValue());
              return field.getValue().description().isEmpty()
                  ? Stream.concat(Stream.of(name), below)
                  : below;
            });
  }

  private static Map<String, Object> crd() throws IOException {
    try (Reader reader = Files.newBufferedReader(Path.of("manifests/crd.yaml"))) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
    }
  }
}
