// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * A connection to a pod in the form that OkHttp works with. OkHttp closes a socket when a timeout
 * is over, so the timeouts of a socket itself have no effect here.
 */
final class ForwardedSocket extends Socket {
  private final ForwardedSockets.Opener opener;
  private volatile PodStream stream;
  private volatile boolean closed;

  ForwardedSocket(ForwardedSockets.Opener opener) {
    this.opener = opener;
  }

  @Override
  public void connect(SocketAddress address, int timeoutMillis) throws IOException {
    PodStream opened = opener.open();
    synchronized (this) {
      stream = opened;
      if (closed) {
        // While it was opened: close() found nothing to close.
        opened.close();
        throw new SocketException("Socket is closed");
      }
    }
  }

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  private PodStream connected() throws SocketException {
    if (stream == null || closed) {
      throw new SocketException(closed ? "Socket is closed" : "Socket is not connected");
    }
    return stream;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return connected().input();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return connected().output();
  }

  @Override
  public boolean isConnected() {
    return stream != null;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void setSoTimeout(int millis) {
    // Has no effect, see above.
  }

  @Override
  public synchronized int getSoTimeout() {
    return 0;
  }

  @Override
  public void shutdownInput() {
    // The protocol has no half-closed connection.
  }

  @Override
  public void shutdownOutput() {
    // As above.
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (stream != null) {
      stream.close();
    }
  }
}
