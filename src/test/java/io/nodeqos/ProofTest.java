// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests and classes that the page of proofs names are there. */
class ProofTest {
  private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+(?:Test|IT))(?:#(\\w+))?`");
  private static final Pattern NAMED_CLASS = Pattern.compile("`([a-z]+)/([A-Z]\\w+)`");

  private final String page = page();
  private final Map<String, Path> tests =
      javaFiles(Path.of("src/test/java"))
          .collect(Collectors.toMap(ProofTest::name, Function.identity(), (a, b) -> a));

  @Test
  void eachNamedTestExists() throws IOException {
    List<String> missing = new ArrayList<>();
    int named = 0;
    Matcher matcher = NAMED_TEST.matcher(page);
    while (matcher.find()) {
      named++;
      Optional<Path> file = Optional.ofNullable(tests.get(matcher.group(1)));
      String source = file.isPresent() ? Files.readString(file.get()) : "";
      if (source.isEmpty()
          || (matcher.group(2) != null && !source.contains("void " + matcher.group(2) + "("))) {
        missing.add(matcher.group());
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(named > 50, "the tables were not found: " + named);
  }

  @Test
  void eachNamedClassExists() {
    Matcher matcher = NAMED_CLASS.matcher(page);
    List<String> missing = new ArrayList<>();
    while (matcher.find()) {
      Path file = Path.of("src/main/java/io/nodeqos", matcher.group(1), matcher.group(2) + ".java");
      if (!Files.exists(file)) {
        missing.add(matcher.group());
      }
    }
    assertEquals(List.of(), missing);
  }

  private static String page() {
    try {
      return Files.readString(Path.of("src/site/markdown/proof.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> javaFiles(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(p -> p.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }
}
