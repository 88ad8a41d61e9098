// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nodeqos controller}: the controller itself, against any cluster. */
@Command(
    name = "controller",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the controller: configures the nodes of a cluster and marks them warmed up.",
      "",
      "The cluster is that of --kubeconfig, else the one that this process runs in, else that of"
          + " KUBECONFIG, else that of ~/.kube/config.",
      "",
      "Settings come from the options below, else from NODEQOS_* variables, else from the file of"
          + " --config, else from their defaults; 'nodeqos settings' lists them all."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Stopped by SIGTERM or SIGINT.",
      "1:Failed.",
      "2:Bad arguments or settings.",
      "3:Lost the Lease with work still in flight."
    })
final class ControllerCommand implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings.")
  private Path config;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "A kubeconfig, in place of the default ones.")
  private Path kubeconfig;

  @Option(
      names = "--http-address",
      paramLabel = "A",
      description = "Listen address of probes and metrics (http.address).")
  private String httpAddress;

  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = "Port of probes and metrics; 0 takes a free one (http.port).")
  private String httpPort;

  @Option(
      names = "--admin-port",
      paramLabel = "N",
      description = "Port of the operators' views on 127.0.0.1 (http.adminPort).")
  private String adminPort;

  @Option(
      names = "--exit-with-stdin",
      hidden = true,
      description = "Stop at the end of standard input: for a parent that must leave no process.")
  private boolean exitWithStdin;

  @Override
  public Integer call() throws InterruptedException {
    return launch().run();
  }

  ControllerLaunch launch() {
    return new ControllerLaunch(
        Optional.ofNullable(config), Optional.ofNullable(kubeconfig), flags(), exitWithStdin);
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    put(flags, "http.address", httpAddress);
    put(flags, "http.port", httpPort);
    put(flags, "http.adminPort", adminPort);
    return flags;
  }

  private static void put(Map<String, String> flags, String key, String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
