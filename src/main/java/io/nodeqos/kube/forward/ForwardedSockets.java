// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import io.nodeqos.kube.client.UnconnectedSockets;
import java.io.IOException;
import java.net.Socket;

/** Sockets to one port of a pod, whatever address they are connected to. */
final class ForwardedSockets extends UnconnectedSockets {
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
}
