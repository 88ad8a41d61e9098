// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.util.Set;

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
            cluster.clients().read(cluster.requestTimeout()),
            Pauses.system(),
            ListReader.Progress.NONE));
  }

  /**
   * Reads one policy with its revisions.
   *
   * @throws CommandException when there is no such policy, or a list cannot be read
   */
  PolicyVersions read(String policy) {
    try {
      return tryRead(policy);
    } catch (IOException e) {
      throw notReadable("policy " + policy, e);
    }
  }

  /**
   * Reads one policy with its revisions.
   *
   * @throws IOException when a list cannot be read
   * @throws CommandException when there is no such policy
   */
  PolicyVersions tryRead(String policy) throws IOException {
    PolicyObject object =
        lists.read(CacheSource.policies().named(policy)).stream()
            .findFirst()
            .orElseThrow(() -> CommandException.failed("NotFound", "there is no policy " + policy));
    return PolicyVersions.of(object, lists.read(CacheSource.revisions(cluster.namespace())));
  }

  /**
   * Reads one policy with its revisions and, while nodes may get another one, with its nodes. The
   * role view gives no right to read nodes: without it they are left out.
   *
   * @throws CommandException as {@link #read}
   */
  RolloutView rollout(String policy) {
    RolloutView view = RolloutView.of(read(policy));
    if (!view.isUnderWay()) {
      return view;
    }
    try {
      return view.with(lists.read(CacheSource.nodes(new Interning(), Set.of())));
    } catch (ApiRefusal e) {
      if (e.failure().denied()) {
        return view;
      }
      throw notReadable("nodes", e);
    } catch (IOException e) {
      throw notReadable("nodes", e);
    }
  }

  private static CommandException notReadable(String what, IOException e) {
    return CommandException.failed(
            "ClusterNotReadable", what + " cannot be read: " + ApiRefusal.failureOf(e).message())
        .causedBy(e);
  }
}
