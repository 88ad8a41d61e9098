// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.model;

/**
 * A request that is refused, with the Status to answer. An exception, because a refusal comes from
 * any depth (a patch, a selector, a schema) and has one reader, the request handler.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiStatus status;

  public ApiException(ApiStatus status) {
    super(status.message());
    this.status = status;
  }

  public ApiStatus status() {
    return status;
  }
}
