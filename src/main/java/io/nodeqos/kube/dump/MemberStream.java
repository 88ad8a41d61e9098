// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The content of one member of an archive. Its end is not that of the archive. */
final class MemberStream extends InputStream {
  private final InputStream archive;
  private long left;
  private boolean cut;

  MemberStream(InputStream archive, long size) {
    this.archive = archive;
    this.left = size;
  }

  long left() {
    return left;
  }

  /** Whether the archive has ended before this content. */
  boolean isCut() {
    return cut;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int at, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int read;
    try {
      read = archive.read(to, at, (int) Math.min(length, left));
    } catch (EOFException e) {
      cut = true;
      throw e;
    }
    if (read < 0) {
      cut = true;
      throw new EOFException();
    }
    left -= read;
    return read;
  }

  /** Leaves the archive at the end of the member. */
  @Override
  public void close() throws IOException {
    archive.skipNBytes(left);
    left = 0;
  }
}
