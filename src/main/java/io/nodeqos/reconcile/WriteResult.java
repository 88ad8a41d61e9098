// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.time.Duration;
import java.util.regex.Pattern;

/** The result of a write. Expected outcomes are values, not exceptions. */
public sealed interface WriteResult {

  /** Why the write failed, as a clause for logs; empty when it succeeded. */
  default String why() {
    if (this instanceof Rejected rejected) {
      return rejected.code() + " " + rejected.reason();
    }
    if (this instanceof Retry retry) {
      return retry.reason();
    }
    if (this instanceof Fenced fenced) {
      return fenced.reason();
    }
    return this instanceof Conflict
        ? "another writer has changed the object"
        : this instanceof NotFound ? "the object is gone" : "";
  }

  /** Written; the reply carried this resourceVersion. */
  record Ok(String resourceVersion) implements WriteResult {}

  /** 409: another writer has changed the object. */
  record Conflict() implements WriteResult {}

  /** 404: the object is gone. */
  record NotFound() implements WriteResult {}

  /**
   * 429, 5xx, an I/O error or a timeout: try again.
   *
   * @param reason one sentence for the log
   * @param retryAfter the server's Retry-After, {@link Duration#ZERO} when it gave none
   */
  record Retry(String reason, Duration retryAfter) implements WriteResult {}

  /** Not sent: this process has reached its own write rate limit. No failure; retry later. */
  record Throttled(Duration after) implements WriteResult {}

  /** 400, 403, 422 and the like: the same write will fail again. */
  record Rejected(int code, String reason) implements WriteResult {
    private static final Pattern WITH_DIGITS = Pattern.compile("[^\\s\"',;()]*[0-9][^\\s\"',;()]*");

    /** True for the same refusal, even with another request id or time in its text. */
    public boolean isLike(Rejected other) {
      return code == other.code && shape(reason).equals(shape(other.reason));
    }

    /** The text without all words that contain a digit: names, ids, numbers and times. */
    public static String shape(String text) {
      return WITH_DIGITS.matcher(text).replaceAll("#");
    }
  }

  /** True for a write that was sent and failed, and is tried again. */
  static boolean isTriedAgain(WriteResult result) {
    return result instanceof Conflict || result instanceof Retry || result instanceof Rejected;
  }

  /** Not sent, because this process does not lead. */
  record Fenced(String reason) implements WriteResult {}
}
