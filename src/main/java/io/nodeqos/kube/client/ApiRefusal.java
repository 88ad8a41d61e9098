// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import java.io.IOException;

/** Carries the server's error response through code that reads a stream. */
public final class ApiRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient ApiFailure failure;

  public ApiRefusal(ApiFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  public ApiFailure failure() {
    return failure;
  }

  /** The failure behind an exception of any kind. */
  public static ApiFailure failureOf(Exception e) {
    return e instanceof ApiRefusal refusal ? refusal.failure() : ApiFailure.of(e);
  }
}
