// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

/** A mistake of a plug-in, as a clause that statuses and logs show unchanged. */
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
