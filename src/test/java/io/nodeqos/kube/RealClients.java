// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.kubernetes.client.openapi.ApiClient;
import io.nodeqos.election.Fence;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.telemetry.RestClientMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The clients of the controller, to a real kube-apiserver. */
final class RealClients {
  private RealClients() {}

  static ApiClient write(ControlPlane plane) throws ClientConfigException {
    return write(plane.kubeconfig());
  }

  static ApiClient write(Path kubeconfig) throws ClientConfigException {
    return write(kubeconfig, Fence.alwaysOpen());
  }

  static ApiClient write(Path kubeconfig, Fence fence) throws ClientConfigException {
    return ApiClients.find(
            KubeSettings.defaults().withKubeconfig(Optional.of(kubeconfig)),
            "node-qos-controller/test",
            new RestClientMetrics())
        .write(fence, Duration.ofSeconds(10));
  }

  static ApiClient watch(ControlPlane plane) throws ClientConfigException {
    return ApiClients.find(
            KubeSettings.defaults().withKubeconfig(Optional.of(plane.kubeconfig())),
            "node-qos-controller/test",
            new RestClientMetrics())
        .watch();
  }

  static WriteLimiter limiter() {
    return new WriteLimiter(KubeSettings.defaults().writeRate(), System::nanoTime);
  }

  static NodePatcher nodePatcher(ApiClient client) {
    return new NodePatcher(client, limiter(), Set.of());
  }
}
