// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.fixture.Alone;
import io.nodeqos.realapi.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The image has all that the Deployment needs and no more, and the same input makes it again. */
@RealImage
@Alone
class ImageIT {
  private static final String LABEL = "org.opencontainers.image.";
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "dash", "ash", "ksh", "zsh", "busybox", "env", "apt", "dpkg", "apk");

  private final UnpackedImage image;

  ImageIT(UnpackedImage image) {
    this.image = image;
  }

  @Test
  void theSameInputGivesTheSameDigest() throws IOException {
    Path again = Path.of("target", "image-it", "again.tar");

    String reference = UnpackedImage.make(again);

    assertTrue(
        reference.matches("node-qos-controller:[0-9.]+@sha256:[0-9a-f]{64}"), reference::toString);
    assertEquals(image.reference(), reference);
    assertEquals(-1, Files.mismatch(image.tar(), again), "the first byte that differs");
  }

  @Test
  void itRunsTheControllerAsTheUserOfTheDeployment() throws IOException {
    JsonObject config = image.config().getAsJsonObject("config");
    Map<?, ?> security = (Map<?, ?>) podSpec().get("securityContext");

    assertEquals(
        security.get("runAsUser") + ":" + security.get("runAsGroup"),
        config.get("User").getAsString());
    assertEquals(
        List.of("java", "-jar", "/app/node-qos-controller.jar"), strings(config, "Entrypoint"));
    assertEquals("linux", image.config().get("os").getAsString());
  }

  @Test
  void itsLabelsDescribeIt() {
    JsonObject labels = image.config().getAsJsonObject("config").getAsJsonObject("Labels");
    String version = image.reference().replaceFirst(".*:([0-9.]+)@.*", "$1");

    assertEquals("node-qos-controller", labels.get(LABEL + "title").getAsString());
    assertEquals(version, labels.get(LABEL + "version").getAsString());
    assertEquals("Apache-2.0", labels.get(LABEL + "licenses").getAsString());
    assertFalse(labels.get(LABEL + "description").getAsString().isEmpty());
    assertEquals(
        image.config().get("created").getAsString(), labels.get(LABEL + "created").getAsString());
    assertTrue(!Files.exists(Path.of(".git")) || labels.has(LABEL + "revision"), labels::toString);
  }

  @Test
  void itHasNoShellAndNoPackageManager() throws IOException {
    List<Path> files = image.files();

    assertTrue(files.size() > 50, () -> "found " + files.size());
    assertEquals(
        List.of(),
        files.stream().filter(f -> SHELLS.contains(f.getFileName().toString())).toList());
  }

  @Test
  void itsJarsAreThoseOfTheBuildWithoutTheDemo() throws IOException {
    List<String> demo = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Path jar : image.files()) {
      if (!jar.toString().endsWith(".jar") || jar.startsWith(image.root().resolve("opt"))) {
        continue;
      }
      names.add(image.root().resolve("app").relativize(jar).toString());
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        zip.stream()
            .map(Object::toString)
            .filter(n -> n.startsWith("io/nodeqos/sim") || n.startsWith("io/nodeqos/cli/demo"))
            .forEach(demo::add);
      }
    }

    assertEquals(List.of(), demo);
    Set<String> expected = new HashSet<>(Set.of("node-qos-controller.jar"));
    libraries().forEach(library -> expected.add("lib/" + library));
    assertEquals(expected, names);
  }

  private static List<String> libraries() throws IOException {
    try (var files = Files.list(Path.of("target", "lib"))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theBillOfMaterialsAndTheNoticeNameEachLibraryAndTheRuntime() throws IOException {
    Set<String> components = new HashSet<>();
    JsonObject bom =
        JsonParser.parseString(Files.readString(image.doc("bom.json"))).getAsJsonObject();
    for (JsonElement element : bom.getAsJsonArray("components")) {
      JsonObject component = element.getAsJsonObject();
      assertFalse(component.getAsJsonArray("licenses").isEmpty(), component::toString);
      components.add(
          component.get("name").getAsString() + "-" + component.get("version").getAsString());
    }
    String notice = Files.readString(image.doc("NOTICE"));

    assertEquals("CycloneDX", bom.get("bomFormat").getAsString());
    for (String library : libraries()) {
      assertTrue(components.contains(library.replaceFirst("\\.jar$", "")), library);
      assertTrue(notice.contains("\n" + library + " (pkg:maven/"), library);
    }
    assertTrue(components.stream().anyMatch(c -> c.startsWith("openjdk-")), "the runtime");
    assertTrue(components.stream().anyMatch(c -> c.startsWith("libc.so")), "the C library");
    assertTrue(Files.exists(image.doc("LICENSE")));
  }

  @Test
  void thePapersAreBesideTheTar() throws IOException {
    for (String paper : List.of("bom.json", "NOTICE", "classes.txt")) {
      assertEquals(-1, Files.mismatch(image.doc(paper), image.beside(paper)), paper);
    }
  }

  /** With the options of the Deployment: some of them could make the JVM refuse the archive. */
  @Test
  void theCommandOfTheDeploymentUsesTheArchiveOfClasses() throws IOException {
    List<String> command = new ArrayList<>();
    for (Object word : (List<?>) container().get("command")) {
      command.add(word.toString());
    }
    command.addAll(1, List.of("-Xshare:on", "-Xlog:class+load"));
    command.addAll(List.of("controller", "--help"));

    Command help = image.run(command).succeeded();

    assertTrue(help.out().contains("--config"), help::out);
    List<String> loaded = help.out().lines().filter(line -> line.contains(" source: ")).toList();
    long archived = loaded.stream().filter(line -> line.contains("shared objects file")).count();
    assertTrue(
        loaded.stream()
            .anyMatch(line -> line.contains("io.nodeqos.Main source: shared objects file")),
        "the controller's own class");
    assertTrue(
        archived > loaded.size() * 3 / 4, () -> archived + " of " + loaded.size() + " classes");
  }

  private static Map<?, ?> podSpec() throws IOException {
    Map<?, ?> deployment =
        new Yaml().load(Files.readString(Path.of("manifests", "base", "deployment.yaml")));
    return (Map<?, ?>)
        ((Map<?, ?>) ((Map<?, ?>) deployment.get("spec")).get("template")).get("spec");
  }

  private static Map<?, ?> container() throws IOException {
    return (Map<?, ?>) ((List<?>) podSpec().get("containers")).get(0);
  }

  private static List<String> strings(JsonObject object, String name) {
    List<String> values = new ArrayList<>();
    object.getAsJsonArray(name).forEach(value -> values.add(value.getAsString()));
    return values;
  }
}
