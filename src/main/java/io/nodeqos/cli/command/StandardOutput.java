// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;

/**
 * The output of a command. A {@link PrintWriter} reports no failures, so this keeps the reason of
 * the first one: a full disk must not look like success. A reader that closes its pipe early, such
 * as {@code head}, has all that it wants.
 */
public final class StandardOutput extends PrintWriter {
  private final Target target;

  /**
   * @param file its bytes
   */
  public StandardOutput(OutputStream file) {
    this(new Target(file));
  }

  private StandardOutput(Target target) {
    super(new OutputStreamWriter(target, charset()), true);
    this.target = target;
  }

  private static final class Target extends FilterOutputStream {
    private Optional<IOException> failure = Optional.empty();
    private volatile boolean silent = true;

    Target(OutputStream file) {
      super(file);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      silent = false;
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        failure = failure.or(() -> Optional.of(e));
        throw e;
      }
    }
  }

  /** That of the terminal, as System.out has it. */
  private static Charset charset() {
    String name =
        System.getProperty("stdout.encoding", System.getProperty("native.encoding", "UTF-8"));
    return Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
  }

  /** Nothing has been printed so far. Thread-safe. */
  boolean isSilent() {
    return target.silent;
  }

  /** The exit code of a command that has ended with this one. */
  public int exitCode(int exitCode, PrintWriter err) {
    Optional<String> problem =
        target
            .failure
            .map(e -> e.getMessage() == null ? e.toString() : e.getMessage())
            .filter(text -> !text.toLowerCase(Locale.ROOT).contains("broken pipe"));
    problem.ifPresent(
        text -> {
          err.println("nodeqos: standard output cannot be written (" + text + ")");
          err.flush();
        });
    return problem.isPresent() ? ExitCodes.FAILED : exitCode;
  }
}
