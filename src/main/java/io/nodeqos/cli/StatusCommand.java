// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.kube.lease.LeaseClient;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nodeqos status}: the leader, the phases of the nodes, and the longest waiting nodes. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the leader, its term and the last renewal of the Lease, and the phases of the nodes"
          + " as a replica sees them.",
      "",
      "The Lease comes from the API server (--kubeconfig, else the default ones), the nodes from"
          + " a replica's /snapshot, which listens on loopback only; forward its port with",
      "  kubectl port-forward -n NAMESPACE deployment/node-qos-controller 8081"
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":There is a leader, and its Lease has not expired.",
      ExitCodes.FAILED + ":There is no leader, or the Lease cannot be read.",
      ExitCodes.BAD_INPUT_LINE
    })
final class StatusCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Spec private CommandSpec spec;

  @Mixin private ClusterOptions cluster;

  @Mixin private OutputOptions output;

  @Option(
      names = "--lease",
      paramLabel = "NAME",
      description = "The Lease (default node-qos-controller).")
  private String lease = ElectionSettings.defaults().leaseName();

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "Address of a replica's /snapshot (default ${DEFAULT-VALUE}).")
  private URI url;

  @Override
  public Integer call() throws InterruptedException {
    if (url.getScheme() == null || !url.getScheme().startsWith("http")) {
      throw new ParameterException(spec.commandLine(), "--url " + url + " is not an http address");
    }
    LeaseResult found =
        new LeaseClient(
                cluster.clients().lease(cluster.requestTimeout()), cluster.namespace(), lease)
            .get();
    StatusReport report =
        StatusReport.of(
            cluster.namespace() + "/" + lease, found, snapshot(), TimeSource.system().wallTime());
    output.print("Status", report::toJson, report::lines);
    if (report.snapshot().isEmpty()) {
      output.remark(
          "no replica answers at "
              + url
              + "/snapshot; try: kubectl port-forward -n "
              + cluster.namespace()
              + " deployment/node-qos-controller 8081");
    }
    return report.isLed() ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  private Optional<JsonObject> snapshot() throws InterruptedException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    try {
      HttpResponse<String> reply =
          http.send(
              HttpRequest.newBuilder(url.resolve("/snapshot")).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      return reply.statusCode() == 200
          ? Optional.of(JsonParser.parseString(reply.body()).getAsJsonObject())
          : Optional.empty();
    } catch (IOException | JsonParseException | IllegalStateException notThere) {
      return Optional.empty();
    }
  }
}
