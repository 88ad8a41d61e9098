// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.status;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaOptions;
import io.nodeqos.cli.replica.ServerNodes;
import io.nodeqos.text.NodeText;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nodeqos status}: the leader, the phases of the nodes, and the longest waiting nodes. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the leader and the phases of the nodes, or the state of one node. With the leader come"
          + " its term and the last renewal of its Lease; the phases are those that a replica sees.",
      "",
      "Without a replica it counts the nodes by the marks that they carry, and says so."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":There is a leader, and its Lease has not expired; or the node is shown.",
      ExitCodes.FAILED + ":There is no leader, the Lease cannot be read, or there is no such node.",
      ExitCodes.BAD_INPUT_LINE
    })
public final class StatusCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NODE",
      description = "A node; without it the state of all.")
  private String node;

  @Mixin private ClusterOptions cluster;
  @Mixin private ReplicaOptions replica;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    ReplicaAccess access = new ReplicaAccess(cluster, replica);
    ServerNodes nodes = new ServerNodes(cluster);
    if (node != null) {
      NodeAnswer answer = NodeAnswer.of(node, access, nodes);
      output.print(
          "NodeStatus",
          answer::toJson,
          format -> NodeText.lines(answer.state(), TimeSource.system().wallTime(), format));
      answer.missing().ifPresent(output::remark);
      return ExitCodes.DONE;
    }
    FleetAnswer fleet = FleetAnswer.of(access, nodes);
    // After the answers, which may take seconds: ages are counted up to here.
    Instant now = TimeSource.system().wallTime();
    StatusReport report = StatusReport.of(access.leaseName(), access.lease(), fleet, now);
    output.print("Status", report::toJson, report::lines);
    report.remark().ifPresent(output::remark);
    return report.isLed() ? ExitCodes.DONE : ExitCodes.FAILED;
  }
}
