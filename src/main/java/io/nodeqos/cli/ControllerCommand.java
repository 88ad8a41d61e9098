// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.app.App;
import io.nodeqos.app.LiveSettings;
import io.nodeqos.cli.command.Version;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.telemetry.logging.Logging;
import io.nodeqos.thread.DaemonThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
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
  /** The time limit of a stop: draining, releasing the Lease, and a margin. */
  private static final long STOP_SECONDS = 20;

  private static final int EXIT_LEASE_LOST = 3;

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
    App app;
    try {
      LiveSettings settings =
          LiveSettings.load(
              new SettingsLoader(flags(), System.getenv(), Optional.ofNullable(config)));
      Logging.configure(settings.get().telemetry().log(), System.getenv());
      app =
          App.create(
              settings,
              settings.get().kube().withKubeconfig(Optional.ofNullable(kubeconfig)),
              PodIdentity.from(System.getenv(), PodIdentity.NAMESPACE_FILE),
              Version.current());
    } catch (SettingsException e) {
      e.problems().forEach(problem -> System.err.println("nodeqos: " + problem));
      return CommandLine.ExitCode.USAGE;
    } catch (ClientConfigException e) {
      System.err.println("nodeqos: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    return run(app);
  }

  private int run(App app) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(app, ended), "shutdown"));
    if (exitWithStdin) {
      DaemonThreads.named("parent-watch", () -> stopAtEndOfInput(app)).start();
    }
    try {
      return app.run() ? CommandLine.ExitCode.OK : EXIT_LEASE_LOST;
    } catch (IOException e) {
      System.err.println("nodeqos: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      ended.countDown();
    }
  }

  /** The JVM ends with the code of a signal when its hooks return, so the hook ends it with 0. */
  private static void stopAndWait(App app, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    app.stop();
    try {
      if (ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
  }

  private static void stopAtEndOfInput(App app) {
    try {
      while (System.in.read() >= 0) {
        // The content is ignored, only the end counts.
      }
    } catch (IOException e) {
      // Counts as the end.
    }
    app.stop();
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
