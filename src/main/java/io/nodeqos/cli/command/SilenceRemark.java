// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import io.nodeqos.time.Pauses;
import java.io.PrintWriter;
import java.time.Duration;

/** Says once whom a command waits for, when it has printed nothing for two seconds. */
final class SilenceRemark implements Runnable {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final StandardOutput out;
  private final PrintWriter err;
  private final String server;
  private final Pauses pauses;

  SilenceRemark(StandardOutput out, PrintWriter err, String server, Pauses pauses) {
    this.out = out;
    this.err = err;
    this.server = server;
    this.pauses = pauses;
  }

  @Override
  public void run() {
    try {
      pauses.sleep(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (out.isSilent()) {
      err.println("nodeqos: waiting for answers through the API server at " + server);
      err.flush();
    }
  }
}
