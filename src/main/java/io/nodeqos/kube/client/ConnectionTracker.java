// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import java.io.IOException;
import java.net.Socket;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * A network interceptor that tracks the connections in use, so that all can be closed when the
 * client certificate is replaced. Thread-safe.
 */
final class ConnectionTracker implements Interceptor {
  private final Set<Socket> sockets =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  @Override
  public Response intercept(Chain chain) throws IOException {
    Connection connection = chain.connection();
    if (connection != null) {
      sockets.add(connection.socket());
    }
    return chain.proceed(chain.request());
  }

  void closeAll() {
    List<Socket> all;
    synchronized (sockets) {
      all = List.copyOf(sockets);
      sockets.clear();
    }
    for (Socket socket : all) {
      try {
        socket.close();
      } catch (IOException closedAlready) {
        // The connection is closed, which is the aim.
      }
    }
  }
}
