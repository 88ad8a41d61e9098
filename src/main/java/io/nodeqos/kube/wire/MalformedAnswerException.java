// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import java.io.IOException;

/** An answer of the server is complete, but not that of an API server. */
public final class MalformedAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message one clause that names the problem
   */
  public MalformedAnswerException(String message) {
    super(message);
  }
}
