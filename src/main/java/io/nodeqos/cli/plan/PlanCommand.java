// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.plan;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.command.PolicyFiles;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.preview.edit.PolicyParser;
import io.nodeqos.preview.plan.PlanJson;
import io.nodeqos.preview.plan.PlanText;
import io.nodeqos.preview.plan.PolicyPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nodeqos plan}: the effect of policies on nodes, before they are applied. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what new, changed or deleted policies would do to the nodes, and writes nothing.",
      "",
      "Reads the cluster with your own credentials, decides each node without and with the"
          + " policies as the controller does, and shows the nodes that change in groups, the"
          + " nodes that stay and why, the writes, the warm-up marks, and warnings.",
      "",
      "  nodeqos plan -f gpu.yaml",
      "  nodeqos plan -f policies/ --delete old --exit-code",
      "  nodeqos plan -f policies/ --against fleet.tar.gz"
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":Done; with --exit-code: nothing changes.",
      ExitCodes.FAILED + ":The cluster cannot be read.",
      ExitCodes.BAD_INPUT + ":Bad arguments, a file or a policy with a mistake.",
      ExitCodes.CHANGES + ":With --exit-code: there are changes.",
      ExitCodes.WARNINGS + ":With --exit-code: there are changes with warnings."
    })
public final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ClusterOptions cluster;

  @Mixin private OutputOptions output;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Files or directories with NodeQoSPolicies in YAML or JSON, or - for standard input."
              + " Each is the whole new version of a policy.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--delete",
      paramLabel = "NAME",
      description = "A policy that is deleted; may be repeated.")
  private List<String> deletions = new ArrayList<>();

  @Option(
      names = "--against",
      paramLabel = "DUMP",
      description = "Plan against a dump of 'nodeqos dump', without a cluster.")
  private Path dump;

  @Option(names = "--nodes", description = "List all nodes of each group.")
  private boolean nodes;

  @Option(
      names = "--exit-code",
      description = "Exit with 3 when there are changes, with 4 when there are warnings, too.")
  private boolean exitCode;

  @Override
  public Integer call() throws IOException {
    if (files.isEmpty() && deletions.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "plan needs -f FILE or --delete NAME");
    }
    PolicyPlan plan = plan();
    output.print(
        PlanJson.KIND, () -> PlanJson.of(plan), format -> lines(plan, new PlanText(format, nodes)));
    if (!exitCode || !plan.hasChanges()) {
      return ExitCodes.DONE;
    }
    return plan.hasWarnings() ? ExitCodes.WARNINGS : ExitCodes.CHANGES;
  }

  private PolicyPlan plan() throws IOException {
    try {
      PolicyParser read = new PolicyFiles(System.in).read(files);
      List<PolicyDocument> documents = read.policies();
      PlannedCluster planned = new PlannedCluster(cluster, output::remark);
      PolicyPlan plan =
          dump == null
              ? planned.plan(documents, deletions)
              : planned.plan(dump, documents, deletions);
      return plan.with(false, read.leftOut());
    } catch (InvalidEditsException e) {
      throw CommandException.badInput("InvalidPolicy", e.getMessage()).causedBy(e);
    }
  }

  private List<String> lines(PolicyPlan plan, PlanText text) {
    List<String> lines = new ArrayList<>(text.lines(plan));
    String commands = commands();
    if (plan.hasChanges() && !commands.isEmpty()) {
      lines.add("To apply it: " + commands);
    }
    return lines;
  }

  /** Standard input is gone: the reader knows the program that wrote it. */
  private String commands() {
    return Stream.concat(
            files.isEmpty() || files.contains("-")
                ? Stream.empty()
                : Stream.of(
                    "kubectl apply"
                        + files.stream()
                            .map(f -> " -f " + quoted(f))
                            .collect(Collectors.joining())),
            deletions.stream().map(name -> "kubectl delete nqp " + name))
        .collect(Collectors.joining("; "));
  }

  /** For a shell. */
  private static String quoted(String path) {
    return path.matches("[\\w@%+=:,./~-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }
}
