// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import io.nodeqos.thread.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads the output of a process, so that the process never blocks on a full pipe. */
final class Drain {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final int CHUNK = 8 * 1024;

  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private Drain() {}

  /** Starts to read on a thread of its own. */
  static Drain of(InputStream in, String name) {
    Drain drain = new Drain();
    DaemonThreads.named(name, () -> drain.read(in)).start();
    return drain;
  }

  private void read(InputStream in) {
    byte[] chunk = new byte[CHUNK];
    try (in) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        keep(new String(chunk, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException ended) {
      // This process killed it.
    }
    end.complete(null);
  }

  private synchronized void keep(String more) {
    if (text.length() < MAX_BYTES) {
      text.append(more);
    }
  }

  /** All output so far; waits a second for the end, which a child of the process may delay. */
  String text() throws InterruptedException {
    try {
      end.get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException notEnded) {
      // The output so far is complete, or is not JSON.
    }
    synchronized (this) {
      byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
