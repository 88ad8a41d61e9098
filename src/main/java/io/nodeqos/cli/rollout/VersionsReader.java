// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.util.List;

/** Reads the versions of a policy from the API server, with the user's credentials. */
final class VersionsReader {
  private final ClusterOptions cluster;
  private final ListReader lists;

  private VersionsReader(ClusterOptions cluster, ListReader lists) {
    this.cluster = cluster;
    this.lists = lists;
  }

  static VersionsReader of(ClusterOptions cluster) {
    return new VersionsReader(
        cluster,
        ListReader.of(
            new ApiEndpoint(cluster.clients().read(cluster.requestTimeout())),
            Pauses.system(),
            ListReader.Progress.NONE));
  }

  /**
   * Reads one policy with its revisions.
   *
   * @throws CommandException when there is no such policy, or a list cannot be read
   */
  PolicyVersions read(String policy) {
    PolicyObject object =
        list(CacheSource.policies().named(policy)).stream()
            .findFirst()
            .orElseThrow(() -> CommandException.failed("NotFound", "there is no policy " + policy));
    return PolicyVersions.of(object, list(CacheSource.revisions(cluster.namespace())));
  }

  private <V> List<V> list(CacheSource<V> source) {
    try {
      return lists.read(source);
    } catch (IOException e) {
      throw CommandException.failed(
              "ClusterNotReadable",
              source.describe() + " cannot be read: " + ApiRefusal.failureOf(e).message())
          .causedBy(e);
    }
  }
}
