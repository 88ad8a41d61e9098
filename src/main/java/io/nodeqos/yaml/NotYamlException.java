// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.yaml;

import java.util.OptionalInt;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** A text is not YAML. */
public final class NotYamlException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;

  private NotYamlException(int line, String problem) {
    super(problem);
    this.line = line;
  }

  NotYamlException(String problem) {
    this(0, problem);
  }

  static NotYamlException of(YAMLException e) {
    if (e instanceof MarkedYAMLException marked && marked.getProblem() != null) {
      return new NotYamlException(
          marked.getProblemMark() == null ? 0 : marked.getProblemMark().getLine() + 1,
          marked.getProblem());
    }
    return new NotYamlException(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }

  /** Counted from 1; empty when the whole text is meant. */
  public OptionalInt line() {
    return line == 0 ? OptionalInt.empty() : OptionalInt.of(line);
  }

  /**
   * A sentence without a full stop: {@code FILE:LINE: is not YAML: PROBLEM}.
   *
   * @param name of the text, such as that of its file
   */
  public String sentence(String name) {
    return name + (line == 0 ? "" : ":" + line) + ": is not YAML: " + getMessage();
  }
}
