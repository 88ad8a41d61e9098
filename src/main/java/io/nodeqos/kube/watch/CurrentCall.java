// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import java.io.IOException;
import okhttp3.Call;

/**
 * The one call that a source has under way, and what other threads want of the one that makes it: a
 * watch can be ended, to be opened again or for a list; a list or a pause goes on. Thread-safe.
 */
final class CurrentCall {
  private static final String STOPPED = "this cache was stopped";

  private enum Wish {
    NONE,
    REOPEN,
    LIST
  }

  private Call call;
  private boolean watch;
  private boolean closed;
  private Wish wish = Wish.NONE;

  /**
   * A call begins.
   *
   * @throws IOException when this is closed
   */
  synchronized void begin(Call next, boolean isWatch) throws IOException {
    if (closed) {
      throw new IOException(STOPPED);
    }
    call = next;
    watch = isWatch;
  }

  /** The watch shall be opened again. */
  synchronized void reopen() {
    wish(Wish.REOPEN);
  }

  /** Everything shall be listed again. */
  synchronized void listAgain() {
    wish(Wish.LIST);
  }

  private void wish(Wish next) {
    if (call != null && watch) {
      wish = next;
      call.cancel();
    }
  }

  /** True when the watch was ended for a wish that is not fulfilled yet. */
  synchronized boolean isWished() {
    return wish != Wish.NONE;
  }

  /** True once for each wish that the watch is opened again. */
  synchronized boolean takeReopening() {
    return take(Wish.REOPEN);
  }

  /** True once for each wish for a list. */
  synchronized boolean takeList() {
    return take(Wish.LIST);
  }

  private boolean take(Wish wanted) {
    boolean taken = wish == wanted;
    wish = taken ? Wish.NONE : wish;
    return taken;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Ends the call under way and refuses further ones. */
  synchronized void close() {
    closed = true;
    if (call != null) {
      call.cancel();
    }
  }
}
