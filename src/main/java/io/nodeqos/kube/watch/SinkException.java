// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import java.io.IOException;

/**
 * The receiver of a list has failed, not the server: another request for the list does not help.
 */
public final class SinkException extends IOException {
  private static final long serialVersionUID = 1L;

  private final IOException failure;

  SinkException(IOException failure) {
    super(failure);
    this.failure = failure;
  }

  /** The exception that the receiver has thrown. */
  public IOException failure() {
    return failure;
  }
}
