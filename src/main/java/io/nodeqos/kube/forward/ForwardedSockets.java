// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Sockets to one port of a pod, whatever address they are connected to. */
final class ForwardedSockets extends SocketFactory {
  private final Opener opener;

  ForwardedSockets(Opener opener) {
    this.opener = opener;
  }

  /** Opens a connection. */
  interface Opener {
    PodStream open() throws IOException;
  }

  @Override
  public Socket createSocket() {
    return new ForwardedSocket(opener);
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }
}
