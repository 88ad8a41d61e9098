// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assertions;

/**
 * What a program that was run to its end has said.
 *
 * @param code its exit code
 * @param out its standard output
 * @param error its standard error
 */
public record Command(int code, String out, String error) {

  /**
   * Runs a program and waits for its end.
   *
   * @param input its standard input
   */
  public static Command run(List<String> program, String input) {
    try {
      Process process = new ProcessBuilder(program).start();
      // Both at once: a full pipe without a reader would block it.
      CompletableFuture<String> error =
          CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String out = read(process.getInputStream());
      return new Command(process.waitFor(), out, error.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, once the program has succeeded. */
  public Command succeeded() {
    Assertions.assertEquals(0, code, () -> "the exit code; it said: " + out + error);
    return this;
  }

  /** The last line of the standard error, "" when there is none. */
  public String lastError() {
    List<String> lines = error.strip().lines().toList();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }
}
