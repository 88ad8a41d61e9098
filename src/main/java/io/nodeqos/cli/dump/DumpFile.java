// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.dump;

import io.nodeqos.cli.command.CommandException;
import io.nodeqos.kube.dump.Spool;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The place that {@code -o} names: a file, which appears when it is complete. */
final class DumpFile {
  private static final String STANDARD_OUTPUT = "-";

  private final String name;

  private DumpFile(String name) {
    this.name = name;
  }

  /** Writes the content of the file. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Checks the value of the option.
   *
   * @throws CommandException when there can be no such file
   */
  static DumpFile named(String name) {
    if (name.isEmpty()) {
      throw badPlace("-o is empty, must be a file, or - for standard output");
    }
    if (!name.equals(STANDARD_OUTPUT)) {
      Path path = Path.of(name).toAbsolutePath();
      if (Files.isDirectory(path)) {
        throw badPlace("-o is " + name + ", must be a file and not a directory");
      }
      if (!Files.isDirectory(path.getParent())) {
        throw badPlace("-o: the directory " + path.getParent() + " does not exist");
      }
    }
    return new DumpFile(name);
  }

  private static CommandException badPlace(String sentence) {
    return CommandException.badInput("BadOutput", sentence);
  }

  boolean isStandardOutput() {
    return name.equals(STANDARD_OUTPUT);
  }

  /**
   * Writes it.
   *
   * @throws CommandException when there is no room, or no permission
   */
  void write(Content content) {
    if (isStandardOutput()) {
      write(() -> content.writeTo(new KeptOpen(new FileOutputStream(FileDescriptor.out))));
      return;
    }
    Path target = Path.of(name).toAbsolutePath();
    write(() -> write(target, content));
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw CommandException.failed(
              "CannotWrite",
              "The dump cannot be written to "
                  + (isStandardOutput() ? "standard output" : name)
                  + ": "
                  + Spool.reason(e))
          .causedBy(e);
    }
  }

  private static void write(Path target, Content content) throws IOException {
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      // A named pipe or a device must stay one.
      fill(target, content);
      return;
    }
    Path unfinished = Files.createTempFile(target.getParent(), ".nodeqos-dump", "");
    try {
      fill(unfinished, content);
      move(unfinished, target);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void fill(Path file, Content content) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      content.writeTo(out);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Standard output stays open. A PrintStream would not report a full disk. */
  private static final class KeptOpen extends FilterOutputStream {
    KeptOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int at, int length) throws IOException {
      out.write(bytes, at, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
