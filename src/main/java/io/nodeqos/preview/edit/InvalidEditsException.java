// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import java.util.List;

/** Files or options from which no change of policies can be made: all mistakes, a sentence each. */
public final class InvalidEditsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public InvalidEditsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** Never empty; without a full stop at their ends. */
  public List<String> problems() {
    return problems;
  }
}
