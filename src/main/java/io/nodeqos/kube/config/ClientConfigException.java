// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

/** No usable way to reach an API server is configured. The message is a sentence for the user. */
public final class ClientConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ClientConfigException(String message) {
    super(message);
  }

  public ClientConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
