// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

/** A journal that cannot go on. The message is a part of a sentence, for people. */
final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What to do about it. */
  enum Kind {
    /** The disk is full, not writable or away: it may come back. */
    UNAVAILABLE,
    /** Another process has it. */
    LOCKED,
    /** What is there cannot be read. */
    CORRUPT
  }

  JournalException(Kind kind, String what, Throwable cause) {
    super(what, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
