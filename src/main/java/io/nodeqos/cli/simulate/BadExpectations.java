// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import java.util.List;

/** A file of expectations has mistakes; the message is a line for each, with file and line. */
final class BadExpectations extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> sentences;

  BadExpectations(List<String> sentences) {
    super(String.join("\n", sentences));
    this.sentences = List.copyOf(sentences);
  }

  List<String> sentences() {
    return sentences;
  }
}
