// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.saved;

/** A file is not one of {@code hack/bench --json}; the message is a sentence. */
public final class BadResultsException extends Exception {
  private static final long serialVersionUID = 1L;

  BadResultsException(String message, Throwable cause) {
    super(message, cause);
  }
}
