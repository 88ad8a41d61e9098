// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import okio.ByteString;

/** Bytes that one thread receives and another one reads. */
final class ReceivedBytes extends InputStream {
  private final Deque<ByteString> chunks = new ArrayDeque<>();
  private int read;
  private boolean ended;
  private IOException failure;

  synchronized void add(ByteString chunk) {
    chunks.add(chunk);
    notifyAll();
  }

  /**
   * Nothing follows the received bytes.
   *
   * @param why null at a regular end; the first call counts
   */
  synchronized void end(IOException why) {
    if (!ended) {
      ended = true;
      failure = why;
    }
    notifyAll();
  }

  /** Throws the reason of the end, if there is one. */
  synchronized void check() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      while (chunks.isEmpty() && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    if (chunks.isEmpty()) {
      check();
      return -1;
    }
    ByteString chunk = chunks.peek();
    int count = Math.min(length, chunk.size() - read);
    chunk.copyInto(read, into, from, count);
    read += count;
    if (read == chunk.size()) {
      chunks.remove();
      read = 0;
    }
    return count;
  }

  @Override
  public synchronized int available() {
    return chunks.isEmpty() ? 0 : chunks.peek().size() - read;
  }
}
