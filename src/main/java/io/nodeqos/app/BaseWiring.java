// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.Fence;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.elector.ElectedLeadership;
import io.nodeqos.election.elector.PermanentLeadership;
import io.nodeqos.kube.cache.KubeCluster;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.lease.LeaseClient;
import io.nodeqos.kube.lease.LeaseRefusals;
import io.nodeqos.kube.write.FencedWrites;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.tracing.TraceInstance;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.TracingSetup;
import io.nodeqos.time.TimeSource;

/** Measurement, the API server, the caches and the Lease: all other services need these. */
final class BaseWiring {
  final LiveSettings settings;
  final KubeSettings kube;
  final PodIdentity identity;
  final TimeSource time;
  final Metrics metrics;
  final Tracing tracing;
  final ApiClients clients;
  final KubeCluster cluster;
  final LeaseRefusals leaseRefusals;
  final Leadership leadership;
  final Fence fence;
  final FencedWrites writes;

  /**
   * @throws ClientConfigException when no usable API server is configured
   */
  BaseWiring(LiveSettings live, KubeSettings kube, PodIdentity identity, String version)
      throws ClientConfigException {
    ControllerSettings settings = live.get();
    this.settings = live;
    this.kube = kube;
    this.identity = identity;
    time = TimeSource.system();
    metrics = Metrics.create(settings.telemetry().metrics()).withJvm();
    clients =
        ApiClients.find(
            kube,
            "node-qos-controller/" + version + " (" + identity.uid() + ")",
            metrics.restClient());
    cluster = new KubeCluster(clients.watch(), kube, metrics.informers(), identity.namespace());
    leaseRefusals = new LeaseRefusals(identity.namespace(), settings.election().leaseName());
    leadership = leadership(settings.election());
    fence = leadership.fence();
    tracing =
        new TracingSetup(System.getenv(), metrics.traces())
            .start(
                new TraceInstance(identity.name(), identity.uid(), identity.namespace(), version));
    writes = FencedWrites.of(clients, fence, settings.election().callTimeout(), kube.writeRate());
  }

  private Leadership leadership(ElectionSettings election) {
    if (!election.enabled()) {
      return PermanentLeadership.of(identity.holder(), cluster.health()::catchUp);
    }
    return ElectedLeadership.of(
        election,
        identity.holder(),
        new LeaseClient(
            clients.lease(election.leaseCallTimeout()),
            identity.namespace(),
            election.leaseName(),
            leaseRefusals),
        cluster.health()::catchUp);
  }

  boolean leading() {
    return leadership.status().leading();
  }
}
