// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import java.io.IOException;

/**
 * A value that must be kept whole has a field without a name: protobuf carries only its number. In
 * JSON it can be kept.
 */
public final class UnknownFieldException extends IOException {
  private static final long serialVersionUID = 1L;

  UnknownFieldException(String message, int field) {
    super("the field " + field + " of a " + message + " is not known to this version");
  }
}
