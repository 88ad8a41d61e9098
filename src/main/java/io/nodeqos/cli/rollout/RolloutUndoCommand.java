// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.edit.FieldChange;
import io.nodeqos.preview.edit.PolicyDiff;
import io.nodeqos.text.TextFormat;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nodeqos rollout undo}: writes the sections of a recorded version into a policy. */
@Command(
    name = "undo",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the sections of a recorded version into the spec of a policy, as your own edit.",
      "",
      "The sections are reservation, quota, images and warmUp. Priority, selector, suspend, dryRun"
          + " and deletionPolicy stay. A tool that keeps the policy in step with Git writes its own"
          + " version back: revert it there, too."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The spec is written, or has these sections already.",
      ExitCodes.FAILED
          + ":There is no such policy or revision, or the API server refuses the edit.",
      ExitCodes.BAD_INPUT_LINE
    })
final class RolloutUndoCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "POLICY", description = "The policy.")
  private String policy;

  @Option(
      names = "--to-revision",
      paramLabel = "NUMBER",
      description =
          "A number of 'nodeqos rollout history' (default: the newest revision with other sections"
              + " than the policy has now).")
  private Long revision;

  @Option(
      names = "--dry-run",
      description = "Show the changes and let the API server check them; write nothing.")
  private boolean dryRun;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    PolicyVersions versions = VersionsReader.of(cluster).read(policy);
    PolicyRevision target = target(versions);
    List<FieldChange> changes =
        PolicyDiff.between(
            versions.policy().spec(), PolicyVersions.undone(versions.policy().spec(), target));
    long generation = changes.isEmpty() ? versions.policy().meta().generation() : write(target);
    Instant now = TimeSource.system().wallTime();
    output.print(
        "RolloutUndo",
        () -> body(target, generation, changes),
        format -> lines(target, generation, changes, format, now));
    return ExitCodes.DONE;
  }

  private PolicyRevision target(PolicyVersions versions) {
    return revision != null
        ? RolloutHistoryCommand.find(versions, revision)
        : versions
            .previous()
            .orElseThrow(
                () ->
                    CommandException.failed(
                        "NotFound",
                        "policy " + policy + " has no revision with other sections than now"));
  }

  private long write(PolicyRevision target) {
    return PolicyEditor.of(cluster)
        .edit(policy, spec -> PolicyVersions.undone(spec, target), dryRun);
  }

  private JsonObject body(PolicyRevision target, long generation, List<FieldChange> changes) {
    JsonObject body = new JsonObject();
    body.addProperty("policy", policy);
    body.addProperty("toRevision", target.generation());
    body.addProperty("generation", generation);
    body.addProperty("dryRun", dryRun);
    body.add("changes", VersionsJson.changes(changes));
    return body;
  }

  private List<String> lines(
      PolicyRevision target,
      long generation,
      List<FieldChange> changes,
      TextFormat format,
      Instant now) {
    VersionsText text = new VersionsText(format, now);
    String sections = "the sections of revision " + target.generation();
    if (changes.isEmpty()) {
      return List.of("policy " + policy + " has " + sections + " already. Nothing was written.");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        dryRun
            ? "policy " + policy + " would get " + sections + " (server-side dry run: accepted)"
            : "policy " + policy + " has " + sections + " now, as generation " + generation);
    lines.addAll(text.lines(changes));
    if (dryRun) {
      lines.add("Nothing was written.");
    }
    return lines;
  }
}
