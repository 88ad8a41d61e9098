// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.telemetry.metrics.RestClientMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Lease clients for a server without authentication. */
public final class LeaseClients {
  private LeaseClients() {}

  public static ApiEndpoint client(URI server, Duration callTimeout, Path directory) {
    try {
      Path file = directory.resolve("kubeconfig");
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: test, cluster: {server: "%s"}}]
          users: [{name: test, user: {}}]
          contexts: [{name: test, context: {cluster: test, user: test}}]
          current-context: test
          """
              .formatted(server));
      KubeSettings d = KubeSettings.defaults();
      KubeSettings settings =
          new KubeSettings(
              Optional.of(file),
              d.timeouts(),
              d.cache(),
              d.writeRate(),
              d.reservedNamespaces(),
              d.extraAnnotations());
      return ApiClients.find(settings, "test", new RestClientMetrics()).lease(callTimeout);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClientConfigException e) {
      throw new IllegalStateException(e);
    }
  }
}
