// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.replica;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.kube.forward.PodAddress;
import io.nodeqos.kube.forward.PodForward;
import io.nodeqos.kube.lease.LeaseClient;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * Asks a replica of the controller: that of {@code --url}, else the leader, which the Lease names,
 * else another one that runs. Not thread-safe.
 */
public final class ReplicaAccess {
  /** More than one standby that does not answer is no accident. */
  private static final int STANDBYS = 2;

  private final ClusterOptions cluster;
  private final ReplicaOptions options;
  private Optional<ReplicaClient> found = Optional.empty();
  private Optional<LeaseResult> lease = Optional.empty();

  public ReplicaAccess(ClusterOptions cluster, ReplicaOptions options) {
    this.cluster = cluster;
    this.options = options;
  }

  private interface Request {
    ReplicaAnswer to(ReplicaClient replica) throws IOException;
  }

  /** The Lease, read once. */
  public LeaseResult lease() {
    if (lease.isEmpty()) {
      lease =
          Optional.of(
              new LeaseClient(
                      cluster.clients().read(cluster.requestTimeout()),
                      cluster.namespace(),
                      options.lease())
                  .get());
    }
    return lease.get();
  }

  /** Namespace and name of the Lease. */
  public String leaseName() {
    return cluster.namespace() + "/" + options.lease();
  }

  /**
   * Asks for a path such as {@code /snapshot}.
   *
   * @throws NoReplicaException when no replica answers, with the reason
   */
  public ReplicaAnswer get(String path, Map<String, String> query) throws NoReplicaException {
    return ask(replica -> replica.get(path, query));
  }

  /**
   * Follows a stream of lines until it ends.
   *
   * @param lastEventId the last event that was seen before; empty for none
   * @return an answer with another status than 200 when the replica refuses
   * @throws NoReplicaException when no replica answers, or the connection breaks
   */
  public ReplicaAnswer follow(
      String path, Map<String, String> query, String lastEventId, Consumer<String> lines)
      throws NoReplicaException {
    return ask(replica -> replica.follow(path, query, lastEventId, lines));
  }

  private ReplicaAnswer ask(Request request) throws NoReplicaException {
    if (found.isPresent()) {
      return asked(found.get(), request);
    }
    Optional<HttpUrl> url = options.url();
    if (url.isPresent()) {
      ReplicaClient replica = direct(url.get());
      return asked(replica, request);
    }
    NoReplicaException first;
    Optional<String> leader = leader();
    try {
      return asked(
          forwarded(leader.orElseThrow(() -> new NoReplicaException(noLeader()))), request);
    } catch (NoReplicaException e) {
      first = e;
    }
    List<String> others =
        new ArrayList<>(
            new Replicas(cluster.clients().read(cluster.requestTimeout()), cluster.namespace())
                .running());
    leader.ifPresent(others::remove);
    for (String other : others.subList(0, Math.min(STANDBYS, others.size()))) {
      try {
        return asked(forwarded(other), request);
      } catch (NoReplicaException e) {
        // The reason of the leader says more.
      }
    }
    throw first;
  }

  private ReplicaAnswer asked(ReplicaClient replica, Request request) throws NoReplicaException {
    try {
      ReplicaAnswer answer = request.to(replica);
      found = Optional.of(replica);
      return answer;
    } catch (NoReplicaException e) {
      throw e;
    } catch (IOException e) {
      throw new NoReplicaException("no replica answers: " + replica.name() + ": " + reason(e));
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private Optional<String> leader() {
    return lease() instanceof LeaseResult.Ok ok && ok.state().holder() != null
        ? Optional.of(ok.state().holder().replaceFirst("_.*", ""))
        : Optional.empty();
  }

  private String noLeader() {
    LeaseResult result = lease();
    String lease = "Lease " + leaseName();
    if (result instanceof LeaseResult.NotFound) {
      return "no replica answers: " + lease + " does not exist";
    }
    return result instanceof LeaseResult.Failed failed
        ? "no replica answers: " + lease + " cannot be read: " + failed.sentence()
        : "no replica answers: " + lease + " has no holder";
  }

  private ReplicaClient direct(HttpUrl url) {
    Duration timeout = cluster.requestTimeout();
    return new ReplicaClient(
        url.toString().replaceFirst("/$", ""),
        url,
        new OkHttpClient.Builder().connectTimeout(timeout).readTimeout(timeout).build());
  }

  private ReplicaClient forwarded(String pod) {
    PodAddress address = new PodAddress(cluster.namespace(), pod, options.adminPort());
    OkHttpClient http =
        new PodForward(cluster.clients().read(cluster.requestTimeout()), TimeSource.system())
            .client(address, cluster.requestTimeout());
    HttpUrl loopback =
        new HttpUrl.Builder().scheme("http").host("127.0.0.1").port(options.adminPort()).build();
    return new ReplicaClient("pod " + address, loopback, http);
  }
}
