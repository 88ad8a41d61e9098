// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.command.TimeoutOption;
import io.nodeqos.time.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nodeqos rollout status}: how far a change of a policy has come. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how far a change of a policy has come: its steps, the failed nodes, what is next.",
      "",
      "Needs the rights of the built-in role view. The zones are shown to users who may list nodes,"
          + " too."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The status is shown; with --watch, the rollout is complete.",
      ExitCodes.FAILED
          + ":There is no such policy, or the cluster cannot be read; with --watch, also when the"
          + " revision was rolled back, or the policy is invalid or a dry run.",
      ExitCodes.BAD_INPUT_LINE,
      ExitCodes.WAITS_FOR_PERSON + ":With --watch, the rollout is paused and waits for a person.",
      ExitCodes.WAITING + ":With --watch, the rollout was still under way at the timeout."
    })
final class RolloutStatusCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "POLICY", description = "The policy.")
  private String policy;

  @Option(
      names = {"-w", "--watch"},
      description =
          "Follow the rollout to its end, or until it waits for a person. JSON and YAML are then one"
              + " object a line, as JSON.")
  private boolean watch;

  @Mixin private TimeoutOption timeout;
  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    Duration limit = timeout.limit(watch);
    Pauses pauses = Pauses.system();
    RolloutView view = VersionsReader.of(cluster).rollout(policy);
    if (watch) {
      return new RolloutWatch(cluster, output, pauses).until(view, limit).exitCode();
    }
    Instant now = pauses.time().wallTime().truncatedTo(ChronoUnit.SECONDS);
    output.print(
        RolloutStatusJson.KIND,
        () -> RolloutStatusJson.of(view, now),
        format -> new RolloutText(format, now).lines(view));
    return ExitCodes.DONE;
  }
}
