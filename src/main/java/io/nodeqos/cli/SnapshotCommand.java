// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.replica.NoReplicaException;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaAnswer;
import io.nodeqos.cli.replica.ReplicaOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nodeqos snapshot}: the whole state of a replica, or of one node in it. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the whole state of a replica as one object: its /snapshot, or that of one node.",
      "",
      "It is JSON, or YAML with -o yaml, for scripts and for a closer look; status and explain have"
          + " it in words."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The state is printed.",
      ExitCodes.FAILED + ":No replica answers, or it has no such node.",
      ExitCodes.BAD_INPUT_LINE
    })
final class SnapshotCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NODE",
      description = "A node; without it the state of the replica.")
  private String node;

  @Mixin private ClusterOptions cluster;
  @Mixin private ReplicaOptions replica;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try {
      ReplicaAnswer answer =
          new ReplicaAccess(cluster, replica)
              .get("/snapshot", node == null ? Map.of() : Map.of("node", node));
      if (!answer.isOk()) {
        throw CommandException.failed(
            answer.status() == 404 ? "NotFound" : "Refused", answer.refusal());
      }
      output.printObject(node == null ? "Snapshot" : "NodeSnapshot", answer.json());
      return ExitCodes.DONE;
    } catch (NoReplicaException e) {
      throw CommandException.failed("NoReplica", e.getMessage()).causedBy(e);
    }
  }
}
