// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.election.Fence;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.config.ClientSource;
import io.nodeqos.kube.config.ConnectionOverrides;
import io.nodeqos.kube.config.ConnectionSettings;
import io.nodeqos.telemetry.metrics.RestClientMetrics;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/**
 * Builds the clients of one process: each with its own timeouts and connections, so that neither a
 * long list nor a burst of writes delays a renewal of the Lease.
 */
public final class ApiClients {
  /** More than the workers that write at once: over HTTP/1.1 each needs a connection. */
  private static final int IDLE_CONNECTIONS = 64;

  private final ApiConnection connection;
  private final KubeSettings.Timeouts timeouts;
  private final String userAgent;
  private final RestClientMetrics metrics;
  private final TimeSource time;
  private final Map<Duration, ApiEndpoint> readers = new ConcurrentHashMap<>();

  private ApiClients(
      ApiConnection connection,
      KubeSettings.Timeouts timeouts,
      String userAgent,
      RestClientMetrics metrics,
      TimeSource time) {
    this.connection = connection;
    this.timeouts = timeouts;
    this.userAgent = userAgent;
    this.metrics = metrics;
    this.time = time;
  }

  /**
   * Finds address and credentials: {@code settings.kubeconfig()}, else the pod's service account,
   * else {@code KUBECONFIG}, else {@code ~/.kube/config}; kubeconfigs mean what they mean to
   * kubectl 1.37. Runs the credential plug-in when the user has one. Does not connect.
   *
   * @param userAgent {@code node-qos-controller/VERSION (pod_uid)}
   * @throws ClientConfigException with a sentence that names the sources tried, or all problems
   */
  public static ApiClients find(KubeSettings settings, String userAgent, RestClientMetrics metrics)
      throws ClientConfigException {
    return find(settings, ConnectionOverrides.NONE, userAgent, metrics);
  }

  /**
   * As {@link #find(KubeSettings, String, RestClientMetrics)}, with other fields of the kubeconfig.
   */
  public static ApiClients find(
      KubeSettings settings,
      ConnectionOverrides overrides,
      String userAgent,
      RestClientMetrics metrics)
      throws ClientConfigException {
    Map<String, String> environment = System.getenv();
    ConnectionSettings connection =
        ClientSource.find(
                settings.kubeconfig(), environment, ClientSource.SERVICE_ACCOUNT, overrides)
            .settings(environment, ClientSource.SERVICE_ACCOUNT, overrides);
    return new ApiClients(
        ApiConnection.open(connection),
        settings.timeouts(),
        userAgent,
        metrics,
        TimeSource.system());
  }

  /** Where address and credentials come from, for the log. */
  public String describe() {
    return connection.settings().source();
  }

  /** The address of the API server. */
  public String server() {
    return connection.settings().server();
  }

  /** The user is the service account of this pod, which the fence of the API server is for. */
  public boolean isOfPod() {
    return connection.settings().isOfPod();
  }

  /** For lists and watches: no read timeout of its own, dead connections are found by pings. */
  public ApiEndpoint watch() {
    return build(Duration.ZERO, true, List.of());
  }

  /**
   * For writes, and for reads that go with them.
   *
   * @param fence checked immediately before each request other than a read is sent
   * @param callTimeout the longest a write may take; at most what the election allows. The shorter
   *     of it and the setting is used
   */
  public ApiEndpoint write(Fence fence, Duration callTimeout) {
    return write(fence, callTimeout, new UnansweredWrites(time, callTimeout));
  }

  /**
   * The same, and the next leader can wait for these writes.
   *
   * @param unanswered is told of each write without a clear answer
   */
  public ApiEndpoint write(Fence fence, Duration callTimeout, UnansweredWrites unanswered) {
    Duration limit = callTimeout.compareTo(timeouts.call()) < 0 ? callTimeout : timeouts.call();
    return build(limit, false, List.of(new FenceInterceptor(fence, unanswered)));
  }

  /**
   * The limit that all writes through this client shall keep to.
   *
   * @param client of {@link #write}
   */
  public WriteLimiter limiter(ApiEndpoint client, KubeSettings.WriteRate rate) {
    HttpUrl address = HttpUrl.parse(client.server());
    String host = address == null ? "" : MetricsInterceptor.host(address);
    WriteLimiter limiter =
        new WriteLimiter(rate, time, nanos -> metrics.rateLimited("PATCH", host, nanos));
    metrics.writeLimit(limiter::ratePerSecond);
    return limiter;
  }

  /**
   * For single reads: the same client, with its connections, at each call. A read is sent again
   * when its connection turns out to be dead: a server closes those that were idle for long.
   */
  public ApiEndpoint read(Duration callTimeout) {
    return readers.computeIfAbsent(callTimeout, limit -> build(limit, true, List.of()));
  }

  /** For the Lease. */
  public ApiEndpoint lease(Duration callTimeout) {
    return build(callTimeout, false, List.of());
  }

  private ApiEndpoint build(Duration callTimeout, boolean retry, List<Interceptor> network) {
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            .connectionSpecs(CipherOrder.connectionSpecs())
            .connectTimeout(timeouts.connect())
            .readTimeout(Duration.ZERO)
            .writeTimeout(timeouts.call())
            .callTimeout(callTimeout)
            .pingInterval(timeouts.ping())
            // A write that was sent and not answered may have been committed: only the caller may
            // repeat it.
            .retryOnConnectionFailure(retry)
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .addInterceptor(new TraceInterceptor());
    // Before the metrics interceptor, so that a request that is sent again is counted twice.
    connection.configure(http).addInterceptor(new MetricsInterceptor(metrics, time));
    network.forEach(http::addNetworkInterceptor);
    return new ApiEndpoint(http.build(), connection.settings().server(), userAgent);
  }
}
