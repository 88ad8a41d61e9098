// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.election.Fence;
import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.write.NodePatcher;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.telemetry.metrics.RestClientMetrics;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The clients of the controller, to a real kube-apiserver. */
public final class RealClients {
  private RealClients() {}

  public static ApiEndpoint write(ControlPlane plane) throws ClientConfigException {
    return write(plane.kubeconfig());
  }

  public static ApiEndpoint write(Path kubeconfig) throws ClientConfigException {
    return write(kubeconfig, new OpenFence());
  }

  public static ApiEndpoint write(Path kubeconfig, Fence fence) throws ClientConfigException {
    return ApiClients.find(
            KubeSettings.defaults().withKubeconfig(Optional.of(kubeconfig)),
            "node-qos-controller/test",
            new RestClientMetrics())
        .write(fence, Duration.ofSeconds(10));
  }

  public static ApiEndpoint watch(ControlPlane plane) throws ClientConfigException {
    return ApiClients.find(
            KubeSettings.defaults().withKubeconfig(Optional.of(plane.kubeconfig())),
            "node-qos-controller/test",
            new RestClientMetrics())
        .watch();
  }

  public static WriteLimiter limiter() {
    return new WriteLimiter(KubeSettings.defaults().writeRate(), TimeSource.system());
  }

  public static NodePatcher nodePatcher(ApiEndpoint client) {
    return new NodePatcher(client, limiter(), Set.of());
  }
}
