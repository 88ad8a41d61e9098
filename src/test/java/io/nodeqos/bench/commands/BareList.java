// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.commands;

import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.config.ConnectionOverrides;
import io.nodeqos.kube.snapshot.SnapshotException;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.time.Pauses;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A program that reads the lists that {@code nodeqos plan} reads, with the same client and the same
 * codecs, and does nothing with them. Its arguments are a kubeconfig and the controller's
 * namespace; it prints the number of nodes.
 */
public final class BareList {
  static final String USER_AGENT = "bench-bare-list";

  private BareList() {}

  public static void main(String[] args) throws ClientConfigException, SnapshotException {
    KubeSettings settings = KubeSettings.defaults();
    ApiClients clients =
        ApiClients.find(
            settings.withKubeconfig(Optional.of(Path.of(args[0]))),
            ConnectionOverrides.NONE,
            USER_AGENT,
            Metrics.create(MetricsSettings.DEFAULTS).restClient());
    SnapshotReader reader =
        SnapshotReader.of(clients.watch(), Pauses.system(), ListReader.Progress.NONE);
    ClusterSnapshot cluster =
        reader.read(new Wanted(reader.controller(args[1]).value(), settings, true)).value();
    System.out.println(cluster.nodes().size());
    System.exit(0);
  }
}
