// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The files of one run, such as the logs of the controllers. They are removed at its end, but for a
 * run that failed. Thread-safe.
 */
public final class RunDirectory {
  private final Path path;
  private volatile boolean kept;

  RunDirectory(Path path) {
    this.path = path;
  }

  /** A new one among the temporary files. */
  public static RunDirectory create(String prefix) throws IOException {
    return new RunDirectory(Files.createTempDirectory(prefix));
  }

  public Path path() {
    return path;
  }

  /** The files stay, for a reader of the logs. */
  public void keep() {
    kept = true;
  }

  /** To be called when no process writes to the files any more. Does nothing the second time. */
  public synchronized void end() {
    if (kept || !Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("nodeqos: " + path + " cannot be removed: " + e);
    }
  }
}
