// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.ExitCodes;

/** How far a rollout has come, for whoever waits for its end. */
enum RolloutOutcome {
  /** It goes on by itself. */
  UNDER_WAY("UnderWay", ExitCodes.WAITING),
  /** All nodes carry the revision of the spec in force. */
  COMPLETE("Complete", ExitCodes.DONE),
  /** It was rolled back, or cannot begin. */
  FAILED("Failed", ExitCodes.FAILED),
  /** It does not go on until a person acts. */
  WAITS_FOR_PERSON("WaitsForPerson", ExitCodes.WAITS_FOR_PERSON);

  private final String text;
  private final int exitCode;

  RolloutOutcome(String text, int exitCode) {
    this.text = text;
    this.exitCode = exitCode;
  }

  /** For programs. */
  String text() {
    return text;
  }

  /** Of a command that follows the rollout and ends with this. */
  int exitCode() {
    return exitCode;
  }
}
