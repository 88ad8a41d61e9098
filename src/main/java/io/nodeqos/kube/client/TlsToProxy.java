// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Makes connections to a proxy that is itself reached by TLS: {@code https} in a proxy-url. */
final class TlsToProxy extends UnconnectedSockets {
  private final SSLSocketFactory factory;
  private final boolean insecure;

  TlsToProxy(SSLSocketFactory factory, boolean insecure) {
    this.factory = factory;
    this.insecure = insecure;
  }

  /** The one that OkHttp uses; it connects to the proxy, whose name is then checked. */
  @Override
  public Socket createSocket() throws IOException {
    SSLSocket socket = (SSLSocket) factory.createSocket();
    socket.setTcpNoDelay(true);
    if (!insecure) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    return socket;
  }
}
