// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Makes sockets that send at once (TCP_NODELAY), as those of Go's clients do. A write goes out in
 * two pieces, and without TCP_NODELAY the kernel holds the second back until the server has
 * acknowledged the first, which takes 40 ms.
 */
final class TcpNoDelaySocketFactory extends SocketFactory {
  /** The one that OkHttp uses. */
  @Override
  public Socket createSocket() throws SocketException {
    return withoutDelay(new Socket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return withoutDelay(new Socket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return withoutDelay(new Socket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return withoutDelay(new Socket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return withoutDelay(new Socket(host, port, local, localPort));
  }

  private static Socket withoutDelay(Socket socket) throws SocketException {
    socket.setTcpNoDelay(true);
    return socket;
  }
}
