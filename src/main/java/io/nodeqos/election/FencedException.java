// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.io.IOException;

/**
 * A write was not sent, as this process may no longer act as the leader. An {@link IOException} so
 * that an HTTP interceptor can throw it; a retry in the same term has no use.
 */
public final class FencedException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The message is a full sentence for the log. */
  public FencedException(String message) {
    super(message);
  }
}
