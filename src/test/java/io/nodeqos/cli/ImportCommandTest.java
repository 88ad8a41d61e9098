// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  private static final String FILES = "src/test/resources/io/nodeqos/cli/imports/";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void policiesOfAllFilesArePrinted() {
    assertEquals(0, run("import", FILES + "nidhogg.yaml", FILES + "rules.yaml"));

    assertTrue(out.toString().contains("  name: nidhogg\n"), out::toString);
    assertTrue(out.toString().contains("  name: cilium-network-readiness-rule\n"), out::toString);
    assertEquals("", err.toString());
  }

  @Test
  void anObjectIsPrintedForPrograms() {
    assertEquals(0, run("import", "-o", "json", FILES + "nidhogg.yaml"));

    JsonObject object = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals("PolicyImport", object.get("kind").getAsString());
    JsonObject first = object.getAsJsonArray("imports").get(0).getAsJsonObject();
    assertEquals(
        "NodeQoSPolicy",
        first.getAsJsonObject("policy").get("kind").getAsString(),
        first::toString);
    assertEquals(2, first.getAsJsonArray("comments").size());
  }

  @Test
  void mistakesOfAllFilesAreReportedAndNothingIsPrinted(@TempDir Path folder) throws IOException {
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "daemonsets: []\n");

    assertEquals(
        2,
        run(
            "import",
            FILES + "nidhogg.yaml",
            folder.resolve("none") + "",
            binary.toString(),
            wrong.toString()));

    assertEquals("", out.toString());
    assertEquals(
        "nodeqos: %1$s/none does not exist\nnodeqos: %1$s/binary is not text in UTF-8\nnodeqos: %1$s/wrong.yaml, document 1: daemonsets is empty; there is nothing to wait for\n"
            .formatted(folder),
        err.toString());
  }

  @Test
  void noFileIsABadArgument() {
    assertEquals(2, run("import"));
  }
}
