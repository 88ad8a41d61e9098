// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import java.io.IOException;
import okhttp3.Call;

/**
 * The one call of a source in progress, and the requests of other threads to it: they can end a
 * watch, to reopen it or to relist; a list or a pause goes on. Thread-safe.
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
   * A call starts.
   *
   * @throws IOException when this object is closed
   */
  synchronized void begin(Call next, boolean isWatch) throws IOException {
    if (closed) {
      throw new IOException(STOPPED);
    }
    call = next;
    watch = isWatch;
  }

  /** Requests that the watch is reopened. */
  synchronized void reopen() {
    wish(Wish.REOPEN);
  }

  /** Requests a relist. */
  synchronized void listAgain() {
    wish(Wish.LIST);
  }

  private void wish(Wish next) {
    if (call != null && watch) {
      wish = next;
      call.cancel();
    }
  }

  /** True when the watch was ended for a request that is not fulfilled yet. */
  synchronized boolean isWished() {
    return wish != Wish.NONE;
  }

  /** True once for each request to reopen the watch. */
  synchronized boolean takeReopening() {
    return take(Wish.REOPEN);
  }

  /** True once for each request to relist. */
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

  /** Ends the call in progress and refuses further ones. */
  synchronized void close() {
    closed = true;
    if (call != null) {
      call.cancel();
    }
  }
}
