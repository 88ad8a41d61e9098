// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import io.nodeqos.node.value.Quantity;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * How the controller starts in a cluster: the options of the JVM that the Deployment has, and the
 * archive of classes that the image has. The JVM is made to believe that the machine has no more
 * memory than the container may use.
 *
 * @param options of the JVM, without the jar
 * @param limitMiB memory limit of the container
 */
public record ControllerJvm(List<String> options, long limitMiB) {
  public static final Path JAR = Path.of("target", "node-qos-controller.jar");
  private static final Path ARCHIVE = Path.of("target", "node-qos-controller.jsa");
  private static final String ARCHIVE_OPTION = "-XX:SharedArchiveFile=" + ARCHIVE;

  private static final Path DEPLOYMENT = Path.of("manifests", "base", "deployment.yaml");

  /** With the archive, when {@code hack/nodeqos} has made one. */
  public static ControllerJvm ofDeployment() {
    try (Reader in = Files.newBufferedReader(DEPLOYMENT)) {
      Map<?, ?> container =
          (Map<?, ?>)
              list(
                      map(
                          new Yaml(new SafeConstructor(new LoaderOptions())).load(in),
                          "spec",
                          "template",
                          "spec"),
                      "containers")
                  .get(0);
      List<String> options = new ArrayList<>();
      for (Object word : list(container, "command")) {
        if (word.equals("-jar")) {
          break;
        }
        if (!word.equals("java")) {
          options.add(word.toString().replace("/app/", "target/"));
        }
      }
      // It is missing in the tests, and empty where it could not be made.
      if (Files.exists(ARCHIVE) && Files.size(ARCHIVE) > 0) {
        options.add(ARCHIVE_OPTION);
      }
      String limit = map(container, "resources", "limits").get("memory").toString();
      return new ControllerJvm(options, Quantity.parse(limit).floor() >> 20);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With another limit of the container. */
  public ControllerJvm withLimit(long miB) {
    return new ControllerJvm(options, miB);
  }

  public boolean hasArchive() {
    return options.contains(ARCHIVE_OPTION);
  }

  /** With the archive of the JDK's own classes only. */
  public ControllerJvm withoutArchive() {
    List<String> less = new ArrayList<>(options);
    less.remove(ARCHIVE_OPTION);
    return new ControllerJvm(List.copyOf(less), limitMiB);
  }

  /** With one more option. */
  public ControllerJvm with(String option) {
    List<String> more = new ArrayList<>(options);
    more.add(option);
    return new ControllerJvm(List.copyOf(more), limitMiB);
  }

  /** What follows the word java. */
  List<String> command() {
    List<String> command = new ArrayList<>();
    command.add("-XX:MaxRAM=" + limitMiB + "m");
    command.addAll(options);
    command.add("-jar");
    command.add(JAR.toString());
    return command;
  }

  private static Map<?, ?> map(Object from, String... path) {
    Map<?, ?> at = (Map<?, ?>) from;
    for (String key : path) {
      at = (Map<?, ?>) at.get(key);
    }
    return at;
  }

  private static List<?> list(Map<?, ?> from, String key) {
    return (List<?>) from.get(key);
  }
}
