// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path parent;

  private Path path;
  private RunDirectory directory;

  @BeforeEach
  void fill() throws IOException {
    path = Files.createDirectory(parent.resolve("run"));
    directory = new RunDirectory(path);
    Files.writeString(path.resolve("a.log"), "a line");
    Files.writeString(Files.createDirectory(path.resolve("jaeger")).resolve("b.log"), "a line");
  }

  @Test
  void nothingIsLeftOfARun() {
    directory.end();
    assertFalse(Files.exists(path));
    directory.end();
  }

  @Test
  void logsOfAFailureStay() {
    directory.keep();
    directory.end();
    assertTrue(Files.exists(path.resolve("a.log")));
  }
}
