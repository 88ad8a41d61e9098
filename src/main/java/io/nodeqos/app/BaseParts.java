// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.Leadership;
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

/**
 * What all else stands on: the API server, the caches, the election, and what is measured.
 *
 * @param writes makes the writers of all objects but Leases and Events
 */
record BaseParts(
    PodIdentity identity,
    TimeSource time,
    Metrics metrics,
    Tracing tracing,
    ApiClients clients,
    KubeCluster cluster,
    Leadership leadership,
    LeaseRefusals leaseRefusals,
    FencedWrites writes) {

  /**
   * @throws ClientConfigException when no usable API server is configured
   */
  static BaseParts of(
      ControllerSettings settings, KubeSettings kube, PodIdentity identity, String version)
      throws ClientConfigException {
    Metrics metrics = Metrics.create(settings.telemetry().metrics()).withJvm();
    ApiClients clients =
        ApiClients.find(
            kube,
            "node-qos-controller/" + version + " (" + identity.uid() + ")",
            metrics.restClient());
    KubeCluster cluster =
        new KubeCluster(clients.watch(), kube, metrics.informers(), identity.namespace());
    LeaseRefusals refusals =
        new LeaseRefusals(identity.namespace(), settings.election().leaseName());
    Leadership leadership = leadership(settings.election(), identity, clients, refusals, cluster);
    return new BaseParts(
        identity,
        TimeSource.system(),
        metrics,
        new TracingSetup(System.getenv(), metrics.traces())
            .start(
                new TraceInstance(identity.name(), identity.uid(), identity.namespace(), version)),
        clients,
        cluster,
        leadership,
        refusals,
        FencedWrites.of(
            clients, leadership.fence(), settings.election().callTimeout(), kube.writeRate()));
  }

  private static Leadership leadership(
      ElectionSettings settings,
      PodIdentity identity,
      ApiClients clients,
      LeaseRefusals refusals,
      KubeCluster cluster) {
    if (!settings.enabled()) {
      return Leadership.permanent(identity.holder(), cluster::catchUp);
    }
    return Leadership.elected(
        settings,
        identity.holder(),
        new LeaseClient(
            clients.lease(settings.leaseCallTimeout()),
            identity.namespace(),
            settings.leaseName(),
            refusals),
        cluster::catchUp);
  }
}
