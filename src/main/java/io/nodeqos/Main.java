// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos;

import io.nodeqos.cli.Start;

/** The process entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Start.execute(args));
  }
}
