// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ConfirmationTest {
  private final StringWriter asked = new StringWriter();

  private Confirmation answering(boolean isPerson, String answer) {
    return new Confirmation(
        isPerson, new BufferedReader(new StringReader(answer)), new PrintWriter(asked, true));
  }

  @Test
  void onlyYesIsYes() {
    for (String yes : new String[] {"y\n", "YES\n", " yes "}) {
      assertDoesNotThrow(() -> answering(true, yes).ask("Go on?"));
    }
    for (String no : new String[] {"\n", "", "n\n", "yesterday\n"}) {
      CommandException e =
          assertThrows(CommandException.class, () -> answering(true, no).ask("Go on?"));
      assertEquals("not confirmed; nothing was written", e.getMessage());
      assertEquals(ExitCodes.FAILED, e.exitCode());
    }
    assertEquals("Go on? [y/N] ".repeat(7), asked.toString());
  }

  @Test
  void scriptIsNotAsked() {
    assertDoesNotThrow(() -> answering(false, "").ask("Go on?"));
    assertEquals("", asked.toString());
  }
}
