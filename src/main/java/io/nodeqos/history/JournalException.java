// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/** A journal that cannot continue. The message is a clause for logs. */
final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** The kind of fault, which decides the recovery. */
  enum Kind {
    /** The disk is full, not writable or away: it may come back. */
    UNAVAILABLE,
    /** Another process uses the file. */
    LOCKED,
    /** The file cannot be read. */
    CORRUPT
  }

  JournalException(Kind kind, String what, Throwable cause) {
    super(what, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Translates an exception of the store. */
  static JournalException of(MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED ->
          new JournalException(Kind.LOCKED, "another process uses the history file", e);
      case DataUtils.ERROR_READING_FAILED, DataUtils.ERROR_WRITING_FAILED, DataUtils.ERROR_CLOSED ->
          new JournalException(
              Kind.UNAVAILABLE, "the history file cannot be used: " + reason(rootOf(e)), e);
      default ->
          new JournalException(
              Kind.CORRUPT, "the history file cannot be read: " + e.getMessage(), e);
    };
  }

  private static Throwable rootOf(MVStoreException e) {
    return Stream.iterate((Throwable) e, t -> t != null, Throwable::getCause)
        .reduce(e, (outer, inner) -> inner);
  }

  /** The reason, for logs. */
  static String reason(Throwable e) {
    if (e instanceof FileSystemException file && file.getReason() == null) {
      return e.getClass().getSimpleName() + " " + e.getMessage();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
