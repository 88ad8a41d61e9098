// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.Alone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The classes that a leader of the packaged program has loaded when it has warmed some nodes up:
 * each takes time at the start and memory ever after.
 */
@Alone
class LoadedClassesIT {
  private static final Path JAR = Path.of("target", "node-qos-controller-demo.jar");

  /** With room for what a JDK and a change add; 5,555 with what the other tests forbid. */
  private static final long MOST = 4_700;

  @TempDir static Path directory;

  private static List<String> loaded = List.of();

  @BeforeAll
  static void listClasses() throws IOException, InterruptedException {
    Path list = directory.resolve("classes");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dsun.net.httpserver.nodelay=true",
                "-jar",
                JAR.toString(),
                "class-archive",
                "--list",
                list.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> read(directory.resolve("out")));
    try (Stream<String> lines = Files.lines(list)) {
      loaded =
          lines
              .filter(line -> !line.startsWith("#") && !line.startsWith("@"))
              .map(line -> line.split(" ", 2)[0])
              .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static List<String> loaded(Predicate<String> which) {
    return loaded.stream().filter(which).toList();
  }

  @Test
  void onlyAFewOfTheGeneratedModelsAreThere() {
    assertTrue(loaded.contains("io/nodeqos/app/App"), "it has run");
    List<String> models =
        loaded(
            name ->
                name.startsWith("io/kubernetes/client/openapi/")
                    && (name.contains("/models/") || name.endsWith("/JSON")));
    assertTrue(models.size() <= 5, models::toString);
  }

  @Test
  void librariesThatAPodDoesNotUseAreNotThere() {
    assertEquals(
        List.of(),
        loaded(
            name ->
                Stream.of(
                        "org/bouncycastle/",
                        "picocli/",
                        "ch/qos/logback/classic/joran/",
                        "com/sun/org/apache/xerces/",
                        "io/opentelemetry/exporter/",
                        "io/gsonfire/")
                    .anyMatch(name::startsWith)));
  }

  @Test
  void thereAreNotMoreThanBefore() {
    assertTrue(loaded.size() <= MOST, "loaded: " + loaded.size());
  }
}
