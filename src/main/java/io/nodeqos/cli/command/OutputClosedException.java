// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

/** Nothing more can be printed, so that a command that goes on for ever ends. */
final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
