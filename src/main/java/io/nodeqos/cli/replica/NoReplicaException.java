// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.replica;

import java.io.IOException;

/** No replica answers. The message is a clause without a full stop, with the reason. */
public final class NoReplicaException extends IOException {
  private static final long serialVersionUID = 1L;

  NoReplicaException(String message) {
    super(message);
  }
}
