// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.config.ConnectionOverrides;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Pauses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options for the cluster and the user, as those of kubectl: the one way of all commands to the
 * API server. A mixin.
 */
public final class ClusterOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "A kubeconfig, in place of the default ones.")
  private Path kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "A context of the kubeconfig.")
  private String context = "";

  @Option(names = "--cluster", paramLabel = "NAME", description = "A cluster of the kubeconfig.")
  private String cluster = "";

  @Option(names = "--user", paramLabel = "NAME", description = "A user of the kubeconfig.")
  private String user = "";

  @Option(names = "--as", paramLabel = "USER", description = "The user to impersonate.")
  private String as = "";

  @Option(
      names = "--as-group",
      paramLabel = "GROUP",
      description = "A group to impersonate, with --as; may be repeated.")
  private List<String> asGroups = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "The controller's namespace (default nodeqos-system).")
  private String namespace = "nodeqos-system";

  @Option(
      names = "--request-timeout",
      paramLabel = "TIME",
      description =
          "The longest that one request may take, such as 30s; 0 for no limit (default 10s).")
  private String requestTimeout = "10s";

  private ApiClients clients;

  /** The controller's namespace. */
  public String namespace() {
    return namespace;
  }

  /** The longest that one request may take; zero for no limit. */
  public Duration requestTimeout() {
    try {
      // As with kubectl, a bare number is one of seconds.
      return requestTimeout.matches("\\d{1,9}")
          ? Duration.ofSeconds(Long.parseLong(requestTimeout))
          : GoDuration.parse(requestTimeout);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "--request-timeout: " + e.getMessage(), e);
    }
  }

  /**
   * Finds address and credentials, once; does not connect.
   *
   * @throws CommandException with a sentence when they cannot be used
   */
  public ApiClients clients() {
    if (clients == null) {
      requestTimeout();
      clients = find();
      remarkSilence();
    }
    return clients;
  }

  private void remarkSilence() {
    if (command.commandLine().getOut() instanceof StandardOutput out
        && Terminal.standard().isInteractive()) {
      DaemonThreads.named(
              "silence",
              new SilenceRemark(
                  out, command.commandLine().getErr(), clients.server(), Pauses.system()))
          .start();
    }
  }

  private ApiClients find() {
    try {
      return ApiClients.find(
          KubeSettings.defaults().withKubeconfig(Optional.ofNullable(kubeconfig)),
          new ConnectionOverrides(context, cluster, user, as, asGroups),
          "node-qos-controller/" + Version.current() + " (" + command.name() + ")",
          Metrics.create(MetricsSettings.DEFAULTS).restClient());
    } catch (ClientConfigException e) {
      throw CommandException.badInput("BadKubeconfig", e.getMessage()).causedBy(e);
    }
  }
}
