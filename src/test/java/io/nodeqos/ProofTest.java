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

/** The tests and classes that the README names as proof are there. */
class ProofTest {
  private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+(?:Test|IT))(?:#(\\w+))?`");
  private static final Pattern NAMED_CLASS = Pattern.compile("`([a-z]+)/([A-Z]\\w+)`");

  private final String section = section();
  private final Map<String, Path> tests =
      javaFiles(Path.of("src/test/java"))
          .collect(Collectors.toMap(ProofTest::name, Function.identity(), (a, b) -> a));

  @Test
  void eachTestThatIsNamedIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    int named = 0;
    Matcher matcher = NAMED_TEST.matcher(section);
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
  void eachClassThatIsNamedIsThere() {
    Matcher matcher = NAMED_CLASS.matcher(section);
    List<String> missing = new ArrayList<>();
    while (matcher.find()) {
      Path file = Path.of("src/main/java/io/nodeqos", matcher.group(1), matcher.group(2) + ".java");
      if (!Files.exists(file)) {
        missing.add(matcher.group());
      }
    }
    assertEquals(List.of(), missing);
  }

  private static String section() {
    try {
      String readme = Files.readString(Path.of("README.md"));
      int begin = readme.indexOf("\n## What there is, and what proves it\n");
      return readme.substring(begin, readme.indexOf("\n## ", begin + 1));
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
