// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.time.TimeSource;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ForwardedSocketTest {
  private final PodStream stream = new PodStream(TimeSource.system());

  /** As OkHttp does when a call is cancelled or its time is over. */
  @Test
  @Timeout(30)
  void aSocketThatIsClosedWhileItConnectsLeavesNoStreamOpen() throws Exception {
    AtomicReference<ForwardedSocket> self = new AtomicReference<>();
    ForwardedSocket socket =
        new ForwardedSocket(
            () -> {
              self.get().close();
              return stream;
            });
    self.set(socket);

    assertThrows(
        SocketException.class,
        () -> socket.connect(InetSocketAddress.createUnresolved("pod", 8081)));

    assertEquals(-1, stream.input().read(), "the stream has ended");
    assertTrue(socket.isClosed());
  }
}
