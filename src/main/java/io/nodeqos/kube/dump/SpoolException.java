// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A dump cannot be written to the disk; the message is a sentence without a full stop. */
public final class SpoolException extends IOException {
  private static final long serialVersionUID = 1L;

  SpoolException(Path file, Exception cause) {
    super("The dump cannot be written to " + file + ": " + reason(cause), cause);
  }

  /** Gson wraps the failure of a writer, and the message of a file system may be only a name. */
  static String reason(Exception e) {
    Throwable cause = e instanceof RuntimeException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof NoSuchFileException) {
      return "there is no such directory";
    }
    if (cause instanceof AccessDeniedException) {
      return "no permission";
    }
    String why =
        cause instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : cause.getMessage();
    return why == null ? cause.toString() : why;
  }
}
