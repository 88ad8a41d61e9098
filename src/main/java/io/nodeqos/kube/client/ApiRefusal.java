// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import java.io.IOException;

/** Carries the server's refusal through code that reads a stream. */
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

  /** What went wrong, whatever kind of exception says so. */
  public static ApiFailure failureOf(Exception e) {
    return e instanceof ApiRefusal refusal ? refusal.failure() : ApiFailure.of(e);
  }
}
