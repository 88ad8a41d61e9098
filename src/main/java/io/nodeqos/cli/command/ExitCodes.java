// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

/** The exit codes of all commands. Each {@code --help} lists those of its command. */
public final class ExitCodes {
  /** Done, or there is nothing to do. */
  public static final int DONE = 0;

  /** Failed: the cluster or a replica does not answer, or the object does not exist. */
  public static final int FAILED = 1;

  /** Bad input: options, a file, an invalid policy. */
  public static final int BAD_INPUT = 2;

  /** There are changes. Only when they are asked for by {@code --exit-code}. */
  public static final int CHANGES = 3;

  /** What the command follows waits for a person. */
  public static final int WAITS_FOR_PERSON = 3;

  /** Changes with warnings, or an expectation failed. */
  public static final int WARNINGS = 4;

  /** Still waiting, or timed out. */
  public static final int WAITING = 5;

  /** The line of {@code --help} for bad input. */
  public static final String BAD_INPUT_LINE =
      BAD_INPUT + ":Bad arguments, or no cluster is configured.";

  /** The title of the exit codes in {@code --help}. */
  public static final String HEADING = "%nExit codes:%n";

  private ExitCodes() {}
}
