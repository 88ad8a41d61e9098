// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.imports.ImportFile;
import io.nodeqos.cli.imports.PolicyImport;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nodeqos import}: policies from the configuration of comparable controllers. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Prints NodeQoSPolicies from the configuration of another controller, with a comment for each"
          + " thing that has no counterpart. Nothing is written to a cluster.",
      "",
      "A file has NodeReadinessRules, a configuration of nidhogg (also in its ConfigMap), or"
          + " Koordinator's ConfigMap slo-controller-config. For nidhogg give the DaemonSets, too:"
          + " their labels select the pods that a node waits for.",
      "",
      "  kubectl get nodereadinessrules -o yaml | nodeqos import -"
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The policies are printed.",
      ExitCodes.BAD_INPUT + ":Bad arguments, or a mistake in a file; nothing is printed."
    })
final class ImportCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files in YAML or JSON, or - for standard input.")
  private List<String> files;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    List<ImportFile> read = new ArrayList<>();
    for (String file : files) {
      try {
        read.add(new ImportFile(name(file), text(file)));
      } catch (NoSuchFileException missing) {
        problems.add(file + " does not exist");
      } catch (CharacterCodingException notText) {
        problems.add(file + " is not text in UTF-8");
      } catch (IOException unreadable) {
        problems.add(file + " cannot be read: " + unreadable);
      }
    }
    PolicyImport imported = PolicyImport.of(read);
    problems.addAll(imported.problems());
    if (!problems.isEmpty()) {
      throw CommandException.badInput("InvalidFile", String.join("\nnodeqos: ", problems));
    }
    if (output.isStructured()) {
      JsonObject body = new JsonObject();
      body.add("imports", imported.policies());
      output.printObject("PolicyImport", body);
    } else {
      spec.commandLine().getOut().print(imported.yaml());
      spec.commandLine().getOut().flush();
    }
    return ExitCodes.DONE;
  }

  private static String name(String file) {
    return file.equals(STANDARD_INPUT) ? "standard input" : file;
  }

  private static String text(String file) throws IOException {
    return file.equals(STANDARD_INPUT)
        ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
        : Files.readString(Path.of(file), StandardCharsets.UTF_8);
  }
}
