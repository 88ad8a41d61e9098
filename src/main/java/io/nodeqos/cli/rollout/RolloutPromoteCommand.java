// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.Confirmation;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nodeqos rollout promote}: ends the soak and the pause of a step. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    description = {
      "Ends the soak and the pause of the present step: the next step begins.",
      "",
      "Writes the annotation nodeqos.io/rollout of the policy, for the revision and the step that"
          + " 'nodeqos rollout status' shows. A person at a terminal is asked first."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The step is promoted, or was already.",
      ExitCodes.FAILED
          + ":There is no such policy, there is nothing to promote, you have not confirmed, or the"
          + " API server refuses the edit.",
      ExitCodes.BAD_INPUT_LINE
    })
final class RolloutPromoteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "POLICY", description = "The policy.")
  private String policy;

  @Option(
      names = "--full",
      description = "Promote all steps: no soak and no pause is left, only the brake.")
  private boolean full;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    RolloutView view = RolloutView.of(VersionsReader.of(cluster).read(policy));
    Promotion promotion = Promotion.of(view, full);
    boolean changed = !promotion.isMade();
    if (changed) {
      if (!yes) {
        Confirmation.standard(spec.commandLine().getErr()).ask(promotion.question());
      }
      RequestWriter.of(cluster).write(view, promotion.request(), promotion::check);
    }
    output.print(
        "RolloutPromote",
        () -> promotion.body(changed),
        format -> List.of(promotion.sentence(changed)));
    return ExitCodes.DONE;
  }
}
