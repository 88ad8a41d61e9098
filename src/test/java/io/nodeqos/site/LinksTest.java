// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links lead somewhere, and files, classes and tests that the documentation names exist. */
class LinksTest {
  private static final Pattern NAMED_FILE =
      Pattern.compile("(?<![\\w/.-])((?:hack|manifests|otel|src)/[\\w./-]*\\w)");
  private static final Pattern NAMED_CLASS = Pattern.compile("io(?:\\.[a-z]+)+\\.[A-Z]\\w+");

  /** Relative to the root package, as in {@code app/Wiring}. */
  private static final Pattern SHORT_CLASS = Pattern.compile("`((?:[a-z]+/)+[A-Z]\\w+)`");

  private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+(?:Test|IT))(?:#\\w+)?`");

  static Stream<MarkdownFile> files() {
    return MarkdownFile.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachLinkLeadsToAFileAndAHeading(MarkdownFile file) {
    assertEquals(
        List.of(),
        file.links().stream()
            .filter(link -> !link.matches("https?://.*"))
            .filter(link -> !leadsSomewhere(file, link))
            .toList());
  }

  private static boolean leadsSomewhere(MarkdownFile from, String link) {
    String[] parts = link.split("#", 2);
    Path target =
        parts[0].isEmpty() ? from.path() : from.path().resolveSibling(parts[0]).normalize();
    return Files.exists(target)
        && (parts.length == 1 || MarkdownFile.of(target).anchors().contains(parts[1]));
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachNamedFileExists(MarkdownFile file) {
    assertEquals(Set.of(), missing(file, NAMED_FILE, Path::of));
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachNamedClassExists(MarkdownFile file) {
    assertEquals(
        Set.of(),
        missing(
            file, NAMED_CLASS, name -> Path.of("src/main/java", name.replace('.', '/') + ".java")));
    assertEquals(Set.of(), missing(file, SHORT_CLASS, LinksTest::pathOfClass));
  }

  private static Path pathOfClass(String name) {
    Path inMain = Path.of("src/main/java/io/nodeqos", name + ".java");
    return Files.exists(inMain) ? inMain : Path.of("src/test/java/io/nodeqos", name + ".java");
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachNamedTestExists(MarkdownFile file) throws IOException {
    Set<String> tests = simpleNames(Path.of("src/test/java"));
    Set<String> named =
        NAMED_TEST.matcher(file.text()).results().map(m -> m.group(1)).collect(toSet());
    named.removeAll(tests);
    assertEquals(Set.of(), named);
  }

  @Test
  void indexLinksToEachPage() {
    Set<String> pages =
        files()
            .filter(f -> f.path().startsWith(MarkdownFile.PAGES))
            .map(f -> f.path().getFileName().toString())
            .collect(toCollection(TreeSet::new));
    MarkdownFile index = MarkdownFile.of(MarkdownFile.PAGES.resolve("index.md"));
    pages.removeAll(index.links());
    assertEquals(Set.of("index.md"), pages);
  }

  @Test
  void architecturePageNamesEachPackage() throws IOException {
    String page = MarkdownFile.of(MarkdownFile.PAGES.resolve("architecture.md")).text();
    Path root = Path.of("src/main/java/io/nodeqos");
    try (Stream<Path> all = Files.walk(root)) {
      assertEquals(
          List.of(),
          all.filter(f -> f.endsWith("package-info.java"))
              .map(f -> root.relativize(f.getParent()).toString().replace('/', '.'))
              .filter(name -> !page.contains("`" + name + "`"))
              .toList());
    }
  }

  private static Set<String> missing(
      MarkdownFile file, Pattern pattern, Function<String, Path> path) {
    return pattern
        .matcher(file.text())
        .results()
        .map(m -> m.groupCount() == 0 ? m.group() : m.group(1))
        .filter(name -> !Files.exists(path.apply(name)))
        .collect(toCollection(TreeSet::new));
  }

  private static Set<String> simpleNames(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.map(f -> f.getFileName().toString().replace(".java", "")).collect(toSet());
    }
  }
}
