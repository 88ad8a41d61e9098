// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.election.Fence;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.telemetry.metrics.RestClientMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Clients of a server on this machine, built as in production, from a kubeconfig. */
public final class TestClients {
  private TestClients() {}

  public static KubeSettings settings(Duration watchIdle) {
    return settings(2, watchIdle);
  }

  public static KubeSettings settings(int pageLimit, Duration watchIdle) {
    KubeSettings d = KubeSettings.defaults();
    return new KubeSettings(
        Optional.empty(),
        d.timeouts(),
        new KubeSettings.Cache(pageLimit, Duration.ofSeconds(10), Duration.ofMinutes(5), watchIdle),
        d.writeRate(),
        Set.of("kube-system"),
        Set.of());
  }

  static ApiClients clients(Path directory, String url) {
    try {
      Path kubeconfig = directory.resolve("kubeconfig");
      Files.writeString(
          kubeconfig,
          """
          apiVersion: v1
          kind: Config
          current-context: test
          contexts: [{name: test, context: {cluster: test, user: test}}]
          clusters: [{name: test, cluster: {server: "%s"}}]
          users: [{name: test, user: {token: s3cret}}]
          """
              .formatted(url));
      KubeSettings d = KubeSettings.defaults();
      KubeSettings settings =
          new KubeSettings(
              Optional.of(kubeconfig),
              d.timeouts(),
              d.cache(),
              d.writeRate(),
              d.reservedNamespaces(),
              d.extraAnnotations());
      return ApiClients.find(settings, "node-qos-controller/test (uid)", new RestClientMetrics());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClientConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  public static ApiEndpoint watch(Path directory, String url) {
    return clients(directory, url).watch();
  }

  public static ApiEndpoint write(Path directory, String url, Fence fence) {
    return clients(directory, url).write(fence, Duration.ofSeconds(5));
  }
}
