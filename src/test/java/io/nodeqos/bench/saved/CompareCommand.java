// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.saved;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** {@code hack/bench compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Prints which results became better and which became worse, with after/before.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:Compared.", "2:Bad arguments, or a file that has no results."})
public final class CompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BEFORE.json", description = "A file of --json.")
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER.json", description = "Another one.")
  private Path after;

  @Override
  public Integer call() {
    try {
      new Comparison(SavedResults.read(before), SavedResults.read(after))
          .lines()
          .forEach(System.out::println);
      return ExitCode.OK;
    } catch (BadResultsException e) {
      System.err.println("hack/bench: " + e.getMessage());
      return ExitCode.USAGE;
    }
  }
}
