// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nodeqos rollout history}: the recorded versions of a policy. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the recorded versions of a policy, the newest last, and which one is in force.",
      "",
      "Needs the right to list ControllerRevisions in the controller's namespace, which the"
          + " built-in role view gives."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The versions are shown.",
      ExitCodes.FAILED + ":There is no such policy or revision, or the cluster cannot be read.",
      ExitCodes.BAD_INPUT_LINE
    })
final class RolloutHistoryCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "POLICY", description = "The policy.")
  private String policy;

  @Option(
      names = "--revision",
      paramLabel = "NUMBER",
      description = "Print the policy as of this revision, in YAML.")
  private Long revision;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    PolicyVersions versions = VersionsReader.of(cluster).read(policy);
    if (revision != null) {
      printPolicy(find(versions, revision));
    } else if (!output.isStructured() && versions.revisions().isEmpty()) {
      output.remark("no version of policy " + policy + " is recorded");
    } else {
      Instant now = TimeSource.system().wallTime();
      output.print(
          "RolloutHistory",
          () -> VersionsJson.of(versions),
          format -> new VersionsText(format, now).lines(versions));
    }
    return ExitCodes.DONE;
  }

  private void printPolicy(PolicyRevision found) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", policy);
    JsonObject object = new JsonObject();
    object.addProperty("apiVersion", Keys.GROUP + "/" + Keys.API_VERSION);
    object.addProperty("kind", "NodeQoSPolicy");
    object.add("metadata", metadata);
    object.add("spec", found.spec());
    output.printManifest(object);
  }

  static PolicyRevision find(PolicyVersions versions, long number) {
    return versions
        .find(number)
        .orElseThrow(
            () ->
                CommandException.failed(
                    "NotFound",
                    "policy "
                        + versions.policy().name()
                        + " has no revision "
                        + number
                        + "; recorded are "
                        + numbers(versions)));
  }

  private static String numbers(PolicyVersions versions) {
    return versions.revisions().isEmpty()
        ? "none"
        : versions.revisions().stream()
            .map(r -> Long.toString(r.generation()))
            .collect(Collectors.joining(", "));
  }
}
