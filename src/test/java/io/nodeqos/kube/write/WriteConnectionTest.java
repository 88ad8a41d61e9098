// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.nodeqos.kube.ClosingFence;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.RealClients;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeWriter.ReadResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteConnectionTest {
  @TempDir Path directory;

  @Test
  void standbyOpensAWriteConnectionWithoutAWrite() throws Exception {
    ClosingFence fence = new ClosingFence(0);
    try (SimCluster api = new SimCluster()) {
      api.node("n1");
      ApiEndpoint client = TestClients.write(directory, api.url(), fence);
      ConnectionPool pool = client.http().connectionPool();
      try (WriteConnection connection = WriteConnection.of(client)) {
        assertEquals(0, pool.connectionCount(), "nothing before it is started");

        connection.start();

        awaitIdle(pool);
        assertEquals(0, api.ours("patch", "nodes", "").size());
        fence.open();
        NodePatcher patcher = RealClients.nodePatcher(client);
        NodeView node = assertInstanceOf(ReadResult.Found.class, patcher.read("n1")).node();
        MetadataChange mark =
            new MetadataChange(
                Map.of("nodeqos.io/warmed-up", "true"),
                Set.of(),
                Map.of(),
                Set.of(),
                Optional.empty());
        assertInstanceOf(WriteResult.Ok.class, patcher.patchMetadata(node.meta(), mark));
        assertEquals(1, pool.connectionCount(), "the same connection");
      }
    }
  }

  private static void awaitIdle(ConnectionPool pool) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (pool.idleConnectionCount() == 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals(1, pool.idleConnectionCount(), "an open connection");
  }
}
