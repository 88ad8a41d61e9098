// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.nodeqos.election.Fence;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.UnansweredWrites;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/**
 * Makes the writers of all objects but Leases and Events: they share one fenced client, so one
 * connection, and one limiter.
 */
public final class FencedWrites {
  private final ApiEndpoint client;
  private final WriteLimiter limiter;
  private final Pauses pauses;
  private final UnansweredWrites unanswered;

  private FencedWrites(
      ApiEndpoint client, WriteLimiter limiter, Pauses pauses, UnansweredWrites unanswered) {
    this.client = client;
    this.limiter = limiter;
    this.pauses = pauses;
    this.unanswered = unanswered;
  }

  /**
   * The writers of a process.
   *
   * @param callTimeout the longest one write may take
   */
  public static FencedWrites of(
      ApiClients clients, Fence fence, Duration callTimeout, KubeSettings.WriteRate rate) {
    Pauses pauses = Pauses.system();
    UnansweredWrites unanswered = new UnansweredWrites(pauses.time(), callTimeout);
    ApiEndpoint client = clients.write(fence, callTimeout, unanswered);
    return new FencedWrites(client, clients.limiter(client, rate), pauses, unanswered);
  }

  /**
   * The writers of a simulation.
   *
   * @param http answers the requests itself
   * @param pauses with the clocks of the simulation
   */
  public static FencedWrites simulated(
      OkHttpClient http, KubeSettings.WriteRate rate, Pauses pauses) {
    ApiEndpoint client = new ApiEndpoint(http, "http://localhost", "simulation");
    return new FencedWrites(
        client,
        new WriteLimiter(rate, pauses.time()),
        pauses,
        new UnansweredWrites(pauses.time(), Duration.ZERO));
  }

  /**
   * The writer of Nodes.
   *
   * @param extraAnnotations see {@link NodePatcher}
   */
  public NodePatcher nodes(Set<String> extraAnnotations) {
    return new NodePatcher(client, limiter, extraAnnotations, pauses);
  }

  /** Those that the API server may still carry out. */
  public UnansweredWrites unanswered() {
    return unanswered;
  }

  public PolicyStatusClient policyStatus() {
    return new PolicyStatusClient(client, limiter);
  }

  /** Other limits from now on, for all of them together. */
  public void limits(KubeSettings.WriteRate rate) {
    limiter.limits(rate);
  }

  public DaemonSetClient daemonSets(String namespace) {
    return new DaemonSetClient(client, limiter, namespace);
  }

  public RevisionClient revisions(String namespace) {
    return new RevisionClient(client, limiter, namespace);
  }

  /**
   * Reports that the API server does not enforce the fence.
   *
   * @param nodes names of all nodes
   * @param lease for the log: {@code NAMESPACE/NAME}
   */
  public FenceCheck fenceCheck(Supplier<? extends Collection<String>> nodes, String lease) {
    return new FenceCheck(
        client,
        nodes,
        lease,
        TimeSource.system(),
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("fence-check")));
  }

  /** Keeps the connection of these writes open. */
  public WriteConnection connection() {
    return WriteConnection.of(client);
  }
}
