// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.Unreachable;
import io.nodeqos.thread.DaemonThreads;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection of the client for writes open while there are no writes, so that a new
 * leader's first write does not wait for TCP, TLS and the loading of their code. It reads {@code
 * /version}, which every user may read.
 */
public final class WriteConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriteConnection.class);

  /** Idle connections live five minutes, and a proxy may close them earlier. */
  private static final long PERIOD_SECONDS = 60;

  private final ApiEndpoint api;
  private final ScheduledExecutorService timer;

  private WriteConnection(ApiEndpoint api, ScheduledExecutorService timer) {
    this.api = api;
    this.timer = timer;
  }

  /**
   * Of a client that has sent no request yet.
   *
   * @param writeClient of {@link ApiClients#write}
   */
  public static WriteConnection of(ApiEndpoint writeClient) {
    return new WriteConnection(
        writeClient,
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.numbered("write-connection")));
  }

  /** Opens it soon, and again whenever it was lost. */
  public void start() {
    var unused = timer.scheduleWithFixedDelay(this::ask, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void ask() {
    try (Response response =
        api.http().newCall(api.request("/version", Map.of()).build()).execute()) {
      LOG.trace("Connection for writes is open: HTTP {}", response.code());
    } catch (IOException | RuntimeException e) {
      // The first write reports it if it matters. Credential plug-ins throw unchecked exceptions.
      LOG.debug("Connection for writes not open: {}", Unreachable.clause(e));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
