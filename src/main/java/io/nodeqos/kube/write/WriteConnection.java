// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.kubernetes.client.openapi.ApiClient;
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
 * Keeps a connection of the client for writes open while there is nothing to write, so that a new
 * leader's first write does not wait for TCP, TLS and the code of both. It asks for {@code
 * /version}, which everybody may read.
 */
public final class WriteConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriteConnection.class);

  /** Idle connections live five minutes, and a proxy may have less patience. */
  private static final long PERIOD_SECONDS = 60;

  private final ApiEndpoint api;
  private final ScheduledExecutorService timer;

  private WriteConnection(ApiEndpoint api, ScheduledExecutorService timer) {
    this.api = api;
    this.timer = timer;
  }

  /**
   * Of a client that nothing was sent through yet.
   *
   * @param writeClient of {@link ApiClients#write}
   */
  public static WriteConnection of(ApiClient writeClient) {
    return new WriteConnection(
        new ApiEndpoint(writeClient),
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.numbered("write-connection")));
  }

  /** Opens it soon, and again whenever it was lost. */
  public void start() {
    var unused = timer.scheduleWithFixedDelay(this::ask, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void ask() {
    try (Response response =
        api.http().newCall(api.request("/version", Map.of()).build()).execute()) {
      LOG.trace("The connection for writes is open, HTTP {}.", response.code());
    } catch (IOException | RuntimeException e) {
      // The first write will say so if it matters. Credential plug-ins throw unchecked exceptions.
      LOG.debug("There is no connection for writes: {}.", Unreachable.clause(e));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
