// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

/** A file of expectations has a mistake; the message is a sentence with file and line. */
final class BadExpectations extends Exception {
  private static final long serialVersionUID = 1L;

  BadExpectations(String sentence) {
    super(sentence);
  }
}
