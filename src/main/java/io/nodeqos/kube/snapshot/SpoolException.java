// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import java.io.IOException;
import java.nio.file.Path;

/** A dump cannot be written to the disk; the message is a sentence without a full stop. */
public final class SpoolException extends IOException {
  private static final long serialVersionUID = 1L;

  SpoolException(Path file, Exception cause) {
    super("The dump cannot be written to " + file + ": " + reason(cause), cause);
  }

  /** Gson wraps the failure of a writer. */
  private static String reason(Exception e) {
    Throwable cause = e instanceof RuntimeException && e.getCause() != null ? e.getCause() : e;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
