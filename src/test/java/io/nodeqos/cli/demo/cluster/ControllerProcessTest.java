// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class ControllerProcessTest {

  @TempDir Path directory;

  /** Plays a controller: says hello and ends with code 0 when its standard input closes. */
  public static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException {
      System.out.println("hello from " + System.getenv("POD_NAME"));
      System.exit(System.in.read() < 0 ? 0 : 9);
    }
  }

  /** Plays a demo: starts a child, prints its pid, and waits to be killed. */
  public static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws IOException {
      try (ControllerProcess child = ControllerProcess.start(spec(Path.of(args[0])))) {
        System.out.println(child.pid());
        System.exit(System.in.read());
      }
    }
  }

  @Test
  void childProcessEndsWhenItIsClosed() throws IOException {
    Path log = directory.resolve("child.log");
    ControllerProcess child = ControllerProcess.start(spec(log));
    assertEquals(OptionalInt.empty(), child.exitCode(), "its input is still open");

    child.close();

    assertEquals(
        OptionalInt.of(0), child.exitCode(), "it ended by itself, without a signal (143, 137)");
    assertEquals(
        "hello from pod-1", Files.readString(log).strip(), "environment and log are passed on");
  }

  @Test
  void childProcessEndsWhenItsParentIsKilled() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process parent =
        new ProcessBuilder(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                directory.resolve("child.log").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    ProcessHandle child;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      child = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
    } finally {
      parent.destroyForcibly();
    }

    child.onExit().get(30, TimeUnit.SECONDS);

    assertTrue(parent.waitFor(30, TimeUnit.SECONDS), "the parent was killed");
  }

  private static ControllerProcess.Spec spec(Path log) {
    return new ControllerProcess.Spec(
        "controller",
        List.of("-Xmx32m"),
        List.of(Child.class.getName()),
        Map.of("POD_NAME", "pod-1"),
        log);
  }
}
