// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.election.Leadership;
import io.nodeqos.kube.cache.KubeCluster;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.write.WriteConnection;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.reconcile.WorkerReport;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.time.TimeSource;

/**
 * Everything that runs, built and not started. Reading {@link #of} from top to bottom tells what
 * depends on what.
 */
record Parts(
    BaseParts base,
    WorkerRegistry workers,
    FleetIndex fleet,
    PolicyCatalog policies,
    EventParts events,
    HistoryParts history,
    WriteConnection writeConnection,
    WorkParts work) {

  /**
   * @throws ClientConfigException when no usable API server is configured
   */
  static Parts of(LiveSettings live, KubeSettings kube, PodIdentity identity, String version)
      throws ClientConfigException {
    ControllerSettings settings = live.get();
    BaseParts base = BaseParts.of(settings, kube, identity, version);
    PolicyCatalog policies = new PolicyCatalog(new PolicyDecoder());
    EventParts events = EventParts.of(settings, base, policies);
    WorkerRegistry workers =
        WorkerRegistry.discovered(
            settings.plugins(),
            new WorkerReport(
                base.metrics().qosWorkers(),
                events.publisher(),
                base.leadership().fence(),
                base.time()));
    FleetIndex fleet = new FleetIndex();
    return new Parts(
        base,
        workers,
        fleet,
        policies,
        events,
        HistoryParts.of(settings, base, events),
        base.writes().connection(),
        WorkParts.of(live, kube, base, new WorkParts.Subject(policies, fleet, workers, events)));
  }

  TimeSource time() {
    return base.time();
  }

  Metrics metrics() {
    return base.metrics();
  }

  Tracing tracing() {
    return base.tracing();
  }

  KubeCluster cluster() {
    return base.cluster();
  }

  Leadership leadership() {
    return base.leadership();
  }
}
