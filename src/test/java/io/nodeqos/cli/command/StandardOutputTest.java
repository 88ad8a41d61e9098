// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakePauses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class StandardOutputTest {
  private final StringWriter err = new StringWriter();

  /** Prints until the output fails. */
  @Command(name = "endless")
  static final class Endless implements Callable<Integer> {
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      while (true) {
        output.printLines(List.of("a line"));
        output.endIfClosed();
      }
    }
  }

  private static final class FailingFile extends OutputStream {
    private final String reason;
    private int left;

    FailingFile(int left, String reason) {
      this.left = left;
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      if (left-- <= 0) {
        throw new IOException(reason);
      }
    }
  }

  private int endless(OutputStream file) {
    StandardOutput out = new StandardOutput(file);
    CommandLine line =
        Mistakes.handledBy(new CommandLine(new Endless()))
            .setOut(out)
            .setErr(new PrintWriter(err, true));
    return out.exitCode(line.execute(), line.getErr());
  }

  @Test
  @Timeout(60)
  void streamEndsQuietlyWhenItsReaderHasGone() {
    assertEquals(0, endless(new FailingFile(100, "Broken pipe")));
    assertEquals("", err.toString());
  }

  @Test
  @Timeout(60)
  void fullDiskIsAFailure() {
    assertEquals(1, endless(new FailingFile(100, "No space left on device")));
    assertEquals(
        "nodeqos: standard output cannot be written (No space left on device)\n", err.toString());
  }

  @Test
  void serverIsNamedAfterTwoSecondsOfSilence() {
    StandardOutput out = new StandardOutput(new ByteArrayOutputStream());
    FakePauses pauses = new FakePauses();
    SilenceRemark remark =
        new SilenceRemark(out, new PrintWriter(err, true), "https://api:6443", pauses.pauses());
    remark.run();
    assertEquals(
        "nodeqos: waiting for answers through the API server at https://api:6443\n",
        err.toString());
    assertEquals(Duration.ofSeconds(2), pauses.slept());
    out.println("a line");
    remark.run();
    assertEquals(1, err.toString().lines().count(), "not after the answer");
  }

  @Test
  void exitCodeOfTheCommandStays() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    StandardOutput out = new StandardOutput(file);
    out.println("a line");
    assertFalse(out.checkError());
    assertEquals(5, out.exitCode(5, new PrintWriter(err, true)));
    assertTrue(file.toString().startsWith("a line"));
  }
}
