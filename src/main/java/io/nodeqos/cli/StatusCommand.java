// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.lease.LeaseClient;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:There is a leader, and its Lease has not expired.",
      "1:There is no leader, or the Lease cannot be read.",
      "2:Bad arguments, or no cluster is configured."
    })
final class StatusCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Spec private CommandSpec spec;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "A kubeconfig, in place of the default ones.")
  private Path kubeconfig;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      defaultValue = "nodeqos-system",
      description = "The controller's namespace (default ${DEFAULT-VALUE}).")
  private String namespace;

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

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (url.getScheme() == null || !url.getScheme().startsWith("http")) {
      throw new ParameterException(spec.commandLine(), "--url " + url + " is not an http address");
    }
    LeaseResult found;
    try {
      ApiClients clients =
          ApiClients.find(
              KubeSettings.defaults().withKubeconfig(Optional.ofNullable(kubeconfig)),
              "node-qos-controller/" + Version.current() + " (status)",
              Metrics.create(MetricsSettings.DEFAULTS).restClient());
      found = new LeaseClient(clients.lease(TIMEOUT), namespace, lease).get();
    } catch (ClientConfigException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    StatusReport report =
        StatusReport.of(namespace + "/" + lease, found, snapshot(), TimeSource.system().wallTime());
    print(report);
    return report.isLed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void print(StatusReport report) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new GsonBuilder()
              .disableHtmlEscaping()
              .setPrettyPrinting()
              .create()
              .toJson(report.toJson()));
    } else {
      report.lines().forEach(out::println);
      if (report.snapshot().isEmpty()) {
        spec.commandLine()
            .getErr()
            .println(
                "nodeqos: no replica answers at "
                    + url
                    + "/snapshot; try: kubectl port-forward -n "
                    + namespace
                    + " deployment/node-qos-controller 8081");
      }
    }
    out.flush();
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
