// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.rollout;

import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.cli.demo.cluster.RunDirectory;
import io.nodeqos.cli.demo.cluster.RunningParts;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The demo of rollouts: a good change reaches all nodes step by step, a bad one goes back by
 * itself.
 *
 * @param nodes how many join
 * @param seed of the nodes and their delays
 * @param replicas of the controller
 * @param stay true: everything keeps running at the end, until the process ends
 * @param summary the file for the result
 */
public record RolloutDemo(
    int nodes, long seed, int replicas, boolean stay, Optional<Path> summary) {
  /** With fewer nodes, no agent breaks. */
  public static final int MIN_NODES = 10;

  /**
   * Runs it.
   *
   * @param out takes lines
   * @return true when both rollouts ended as they should
   */
  public boolean run(Consumer<String> out) throws IOException, InterruptedException {
    RunDirectory directory = RunDirectory.create("node-qos-demo-");
    try (RunningParts parts = new RunningParts()) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    parts.close();
                    directory.end();
                  },
                  "demo shutdown"));
      boolean asExpected = run(RolloutStage.open(directory.path(), parts), parts, out);
      if (!asExpected && !parts.isClosed()) {
        directory.keep();
        out.accept("The logs are in " + directory.path());
      }
      return asExpected;
    }
  }

  private boolean run(RolloutStage stage, RunningParts parts, Consumer<String> out)
      throws IOException, InterruptedException {
    out.accept(nodes + " nodes, " + replicas + " replicas; kubeconfig " + stage.kubeconfig());
    RolloutSummary result;
    try {
      result = new RolloutRun(stage, out, TimeSource.system()).run(nodes, seed, replicas);
    } catch (RolloutRun.Failed e) {
      if (!parts.isClosed()) {
        out.accept("failed: " + e.getMessage());
      }
      return false;
    }
    out.accept("");
    result.lines().forEach(out);
    if (summary.isPresent()) {
      Files.writeString(summary.get(), result.toJson());
    }
    if (stay) {
      out.accept("");
      out.accept("kubectl --kubeconfig " + stage.kubeconfig() + " get nqp");
      for (ControllerProcess one : stage.controllers()) {
        out.accept(one.name() + ": process " + one.pid() + ", log " + one.log());
      }
      // Until Ctrl-C ends the process.
      new CountDownLatch(1).await();
    }
    return result.asExpected();
  }
}
