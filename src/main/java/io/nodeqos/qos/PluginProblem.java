// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

/** What is wrong with a plug-in, in a clause that people are shown as it is. */
final class PluginProblem extends RuntimeException {
  PluginProblem(String clause) {
    super(clause);
  }

  PluginProblem(String clause, Throwable cause) {
    super(clause, cause);
  }

  @Override
  public String toString() {
    return getMessage();
  }
}
