// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.cli.command.ExitCodes;
import java.util.Optional;

/** Runs a command line: the controller by itself, all else by the library of the commands. */
public final class Start {
  private Start() {}

  /** Returns the exit code of the process. */
  public static int execute(String... args) {
    Optional<ControllerLaunch> controller = ControllerArguments.read(args);
    return controller.isPresent() ? run(controller.get()) : NodeQosCommand.execute(args);
  }

  private static int run(ControllerLaunch controller) {
    try {
      return controller.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCodes.FAILED;
    } catch (RuntimeException e) {
      System.err.println("nodeqos: " + (e.getMessage() == null ? e : e.getMessage()));
      e.printStackTrace();
      return ExitCodes.FAILED;
    }
  }
}
