// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.util.List;

/** The settings cannot be used. Carries every mistake, each as a sentence for the operator. */
public final class SettingsException extends Exception {
  private final transient List<String> problems;

  SettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** The mistakes, at least one, in the order of the sources. */
  public List<String> problems() {
    return problems;
  }
}
