// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.app.App;
import io.nodeqos.app.LiveSettings;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.Version;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.telemetry.logging.Logging;
import io.nodeqos.thread.DaemonThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The run of a controller.
 *
 * @param config a file of settings
 * @param kubeconfig in place of the default ones
 * @param flags values of settings, by their keys
 * @param exitWithStdin whether the end of standard input stops it
 */
record ControllerLaunch(
    Optional<Path> config,
    Optional<Path> kubeconfig,
    Map<String, String> flags,
    boolean exitWithStdin) {
  /** The time limit of a stop: draining, releasing the Lease, and a margin. */
  private static final long STOP_SECONDS = 20;

  private static final int EXIT_LEASE_LOST = 3;

  /** Returns the exit code, after the controller has stopped. */
  int run() throws InterruptedException {
    App app;
    try {
      LiveSettings settings = LiveSettings.load(new SettingsLoader(flags, System.getenv(), config));
      Logging.configure(settings.get().telemetry().log(), System.getenv());
      app =
          App.create(
              settings,
              settings.get().kube().withKubeconfig(kubeconfig),
              PodIdentity.from(System.getenv(), PodIdentity.NAMESPACE_FILE),
              Version.current());
    } catch (SettingsException e) {
      e.problems().forEach(problem -> System.err.println("nodeqos: " + problem));
      return ExitCodes.BAD_INPUT;
    } catch (ClientConfigException e) {
      System.err.println("nodeqos: " + e.getMessage());
      return ExitCodes.BAD_INPUT;
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
      return app.run() ? ExitCodes.DONE : EXIT_LEASE_LOST;
    } catch (IOException e) {
      System.err.println("nodeqos: " + e.getMessage());
      return ExitCodes.FAILED;
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
        Runtime.getRuntime().halt(ExitCodes.DONE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCodes.FAILED);
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
}
