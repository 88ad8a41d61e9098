// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.saved;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** {@code hack/bench table}. */
@Command(
    name = "table",
    mixinStandardHelpOptions = true,
    description =
        "Prints results as the tables of the documentation; of several files the medians.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:Printed.", "2:Bad arguments, or a file that has no results."})
public final class TableCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE.json", arity = "1..*", description = "Files of --json.")
  private List<Path> files;

  @Override
  public Integer call() {
    try {
      List<SavedResults> all = new ArrayList<>();
      for (Path file : files) {
        all.add(SavedResults.read(file));
      }
      System.out.print(new PageTables(all).text());
      return ExitCode.OK;
    } catch (BadResultsException e) {
      System.err.println("hack/bench: " + e.getMessage());
      return ExitCode.USAGE;
    }
  }
}
