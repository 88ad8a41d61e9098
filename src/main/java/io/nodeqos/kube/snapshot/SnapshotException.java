// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import io.nodeqos.kube.client.ApiFailure;
import java.io.IOException;

/** A cluster cannot be read; the message is a sentence without a full stop. */
public final class SnapshotException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient ApiFailure failure;

  SnapshotException(String message, ApiFailure failure) {
    super(message);
    this.failure = failure;
  }

  public ApiFailure failure() {
    return failure;
  }
}
