// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Unpacks, and fails when far more comes out of an archive than dumps have. */
final class UnpackedStream extends InputStream {
  /** A real dump is at most about forty times as large as its archive. */
  private static final long MAX_RATIO = 300;

  private static final long ALWAYS_ALLOWED = 64L << 20;

  private final InputStream in;
  private long left;

  private UnpackedStream(InputStream in, long limit) {
    this.in = in;
    this.left = limit;
  }

  /**
   * @param size of the archive in bytes
   */
  static UnpackedStream of(InputStream archive, long size) throws IOException {
    return new UnpackedStream(
        new GZIPInputStream(archive, 1 << 16), Math.max(ALWAYS_ALLOWED, size * MAX_RATIO));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int at, int length) throws IOException {
    int read = in.read(to, at, length);
    left -= read;
    if (left < 0) {
      throw new DumpException("is not a dump of nodeqos: it unpacks to far too much");
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
