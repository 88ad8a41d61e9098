// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import com.sun.net.httpserver.HttpServer;
import io.nodeqos.sim.resource.ClusterResources;
import io.nodeqos.sim.resource.Discovery;
import io.nodeqos.sim.resource.OpenApi;
import io.nodeqos.sim.resource.ResourceEndpoint;
import io.nodeqos.sim.resource.ResourceRegistry;
import io.nodeqos.sim.rules.MetadataRules;
import io.nodeqos.sim.store.ListSnapshots;
import io.nodeqos.sim.store.ObjectStore;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Kubernetes API server in this process, on the loopback interface, without authentication and
 * without controllers: a test or the simulated fleet must do the work of kubelets, the scheduler
 * and the DaemonSet controller. Two exceptions are necessary for an API server: new
 * CustomResourceDefinitions are established at once and a deleted Namespace is emptied at once. All
 * state is in memory and starts with the four standard namespaces. Server-side apply, CEL rules,
 * protobuf bodies ({@code kubectl create configmap} sends one, {@code kubectl apply} does not) and
 * the admission plug-ins are missing: so no node gets a not-ready taint and no Pod a service
 * account.
 *
 * <p>The JDK's HTTP server must run with {@code -Dsun.net.httpserver.nodelay=true}, or small
 * replies take 40 ms; {@link #start} sets it when no other server of this JVM was started before.
 */
public final class ApiServer implements AutoCloseable {
  private final ApiServerSettings settings;
  private final TimeSource time;
  private final Faults faults = new Faults();
  private final ListSnapshots snapshots = new ListSnapshots();
  private final ObjectStore store;
  private final RequestLog requests;

  private volatile AuditFile audit;
  private volatile HttpServer http;
  private volatile ExecutorService threads;

  public ApiServer() {
    this(ApiServerSettings.defaults(), TimeSource.system());
  }

  public ApiServer(ApiServerSettings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
    this.store = new ObjectStore(settings.eventWindow(), settings.watchQueue());
    this.requests = new RequestLog(settings.requestLog(), this::audit);
  }

  /**
   * Starts to serve.
   *
   * @throws UncheckedIOException when the port is taken or the audit file cannot be written
   */
  public ApiServer start() {
    // Read once per JVM, when the first HttpServer is created. Idle connections stay open as long
    // as a kube-apiserver keeps them, or clients would meet closed ones.
    setUnlessSet("sun.net.httpserver.nodelay", "true");
    setUnlessSet("sun.net.httpserver.idleInterval", "180");
    setUnlessSet("sun.net.httpserver.maxIdleConnections", "20000");
    try {
      audit = settings.auditFile().isPresent() ? AuditFile.open(settings.auditFile().get()) : null;
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port());
      HttpServer server = HttpServer.create(address, 1024);
      threads = Executors.newCachedThreadPool(DaemonThreads.factory("nodeqos-sim-api"));
      server.setExecutor(threads);
      server.createContext("/", handler());
      server.start();
      http = server;
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded API server cannot start", e);
    }
    return this;
  }

  /** Stops serving; open watches end. */
  @Override
  public void close() {
    faults.clear();
    if (http != null) {
      http.stop(0);
      threads.shutdownNow();
    }
    if (audit != null) {
      try {
        audit.close();
      } catch (IOException e) {
        throw new UncheckedIOException("the audit log cannot be closed", e);
      }
    }
  }

  /** Its address, {@code http://127.0.0.1:PORT}. Only after {@link #start}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  public RequestLog requests() {
    return requests;
  }

  public Faults faults() {
    return faults;
  }

  /**
   * Drops all past events and old list states, as a compaction does: a watch from an older version
   * and a started paged list get 410.
   */
  public void compact() {
    store.compact();
    snapshots.clear();
  }

  /** The content of a kubeconfig for this server. Only after {@link #start}. */
  public String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: nodeqos-sim
          cluster:
            server: %s
        users:
        - name: nodeqos-sim
          user: {}
        contexts:
        - name: nodeqos-sim
          context:
            cluster: nodeqos-sim
            user: nodeqos-sim
        current-context: nodeqos-sim
        """
        .formatted(uri());
  }

  private ApiHandler handler() {
    ClusterResources resources =
        ClusterResources.of(
            store,
            snapshots,
            new MetadataRules(time),
            new ResourceEndpoint.Settings(time, settings.bookmarkInterval()));
    ResourceRegistry registry = resources.registry();
    Discovery discovery = new Discovery(registry, new OpenApi(registry));
    return new ApiHandler(resources.endpoint(), discovery, faults, requests, time);
  }

  private void audit(RequestLog.Request request) {
    AuditFile file = audit;
    if (file != null) {
      file.write(request);
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
