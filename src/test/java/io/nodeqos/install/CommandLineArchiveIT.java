// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line of a release, packed from the jars of this build: a policy repository is tested
 * with nothing but it and a Java. The output of its test is left in {@code target/e2e}.
 */
class CommandLineArchiveIT {
  private static final String VERSION = "1.2.3";

  @TempDir Path directory;

  private record Ended(int code, String out) {}

  private Ended run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out);
  }

  private Path pack(String to) throws Exception {
    Path out = Files.createDirectories(directory.resolve(to));
    Path notice = Files.writeString(directory.resolve("licences"), "licences");
    Ended packed =
        run(Map.of(), "hack/release.d/command-line", VERSION, out.toString(), notice.toString());
    assertEquals(0, packed.code(), packed.out());
    return out.resolve("nodeqos-" + VERSION + ".tar.gz");
  }

  private Path nodeqos;

  @BeforeEach
  void unpack() throws Exception {
    Ended unpacked =
        run(Map.of(), "tar", "-xzf", pack("out").toString(), "-C", directory.toString());
    assertEquals(0, unpacked.code(), unpacked.out());
    nodeqos = directory.resolve("nodeqos-" + VERSION).resolve("nodeqos");
  }

  @Test
  void policyRepositoryIsTestedWithIt() throws Exception {
    Path junit = directory.resolve("junit.xml");
    // As in a directory of PATH.
    Path link = Files.createSymbolicLink(directory.resolve("nodeqos"), nodeqos);

    Ended tested =
        run(
            Map.of("NODEQOS", link.toString(), "JUNIT", junit.toString()),
            "manifests/examples/policy-repository/ci.sh");

    assertEquals(0, tested.code(), tested.out());
    assertTrue(tested.out().endsWith("0 of 7 expectations failed.\n"), tested.out());
    assertTrue(Files.readString(junit).contains("tests=\"7\" failures=\"0\""), "the JUnit report");
    Path kept = Files.createDirectories(Path.of("target", "e2e"));
    Files.writeString(kept.resolve("policy-repository.txt"), tested.out());
  }

  @Test
  void missingJavaIsOneSentence() throws Exception {
    Ended ended = run(Map.of("JAVA_HOME", "/nowhere"), nodeqos.toString(), "--version");

    assertEquals(1, ended.code());
    assertEquals(
        "nodeqos: no Java found (/nowhere/bin/java): install a Java 17 or newer, or set JAVA_HOME\n",
        ended.out());
  }

  @Test
  void sameJarsMakeTheSameArchive() throws Exception {
    assertArrayEquals(Files.readAllBytes(pack("one")), Files.readAllBytes(pack("two")));
  }

  @Test
  void licencesAreInIt() {
    for (String file : List.of("LICENSE", "NOTICE")) {
      assertTrue(Files.exists(nodeqos.resolveSibling(file)), file);
    }
  }
}
