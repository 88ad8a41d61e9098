// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos;

import io.nodeqos.cli.NodeQosCommand;

/** The process entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(NodeQosCommand.execute(args));
  }
}
