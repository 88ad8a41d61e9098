// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

/**
 * Ends a command with a sentence, and with an object of kind {@code Error} where JSON or YAML is
 * asked for.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final int exitCode;

  private CommandException(String code, int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.exitCode = exitCode;
  }

  /**
   * The command could not do its work.
   *
   * @param code for scripts, such as {@code NoReplica}
   * @param message a sentence without a full stop at its end
   */
  public static CommandException failed(String code, String message) {
    return new CommandException(code, ExitCodes.FAILED, message, null);
  }

  /**
   * The input is wrong: an option, a file, a policy.
   *
   * @param code for scripts, such as {@code InvalidPolicy}
   * @param message a sentence without a full stop at its end, with field and value
   */
  public static CommandException badInput(String code, String message) {
    return new CommandException(code, ExitCodes.BAD_INPUT, message, null);
  }

  /** The same with the exception that led to it. */
  public CommandException causedBy(Throwable cause) {
    return new CommandException(code, exitCode, getMessage(), cause);
  }

  public String code() {
    return code;
  }

  public int exitCode() {
    return exitCode;
  }
}
