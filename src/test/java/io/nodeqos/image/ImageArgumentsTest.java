// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.Programs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong argument is answered by one sentence and the usage, before anything is made. */
class ImageArgumentsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          image   | --unknown                       | unknown argument --unknown
          image   | --tar                           | --tar needs a value
          image   | --tar a --push b                | --tar and --push exclude each other
          image   | --platform windows/amd64        | --platform windows/amd64: linux/amd64 and linux/arm64 are possible
          image   | --classes /nowhere              | --classes /nowhere: no such file
          image   | --classes /nowhere --base x     | --classes: with --base REF there is no archive of classes
          image   | path --tar a                    | unknown argument --tar
          release | --unknown                       | unknown argument --unknown
          release | --image node-qos-controller:1   | --image node-qos-controller:1: a reference with its digest is needed, NAME@sha256:...
          release | --out hack                      | --out hack: the directory is not empty
          """)
  void aWrongArgumentIsNamed(String script, String arguments, String sentence) {
    Command run = run(script, arguments.split(" "));

    assertEquals(2, run.code(), run::toString);
    assertEquals("hack/" + script + ": " + sentence, run.error().lines().findFirst().orElse(""));
    assertTrue(run.error().contains("Exit codes:"), run::error);
    assertEquals("", run.out());
  }

  @Test
  void theUsageIsForTheAsking() {
    assertTrue(run("image", "--help").succeeded().out().contains("--platform"));
  }

  private static Command run(String script, String... arguments) {
    List<String> line = new ArrayList<>(List.of(Programs.script(script)));
    line.addAll(List.of(arguments));
    return Command.run(line, "");
  }
}
