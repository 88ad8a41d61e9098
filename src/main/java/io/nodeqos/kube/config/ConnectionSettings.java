// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * How to reach one API server, and as whom: all that a kubeconfig, or the service account of a pod,
 * says of it.
 *
 * @param source where it comes from, for the log
 * @param server without a slash at its end
 * @param route the way to it
 * @param impersonation whom to act as
 */
public record ConnectionSettings(
    String source,
    String server,
    ServerTrust trust,
    Route route,
    Optional<Impersonation> impersonation,
    UserCredentials user) {
  static final String SERVICE_HOST = "KUBERNETES_SERVICE_HOST";
  static final String SERVICE_PORT = "KUBERNETES_SERVICE_PORT";

  /**
   * Which server is believed.
   *
   * @param authorities certificates of authorities; without any those of the JVM count
   * @param insecure any server is believed
   * @param serverName that the certificate must be for; empty for the host of the address
   */
  public record ServerTrust(PemSource authorities, boolean insecure, String serverName) {}

  /**
   * The way to the server.
   *
   * @param proxy empty to go straight
   * @param named the proxy stands in the kubeconfig, not in the environment
   * @param disableCompression ask for answers that are not compressed
   */
  public record Route(Optional<ProxyAddress> proxy, boolean named, boolean disableCompression) {}

  /**
   * Of the pod that this process runs in. Never through a proxy: a cluster's own address is reached
   * straight, whatever its pods are told of the world outside.
   *
   * @param directory where the service account is mounted
   */
  static ConnectionSettings ofPod(Map<String, String> environment, Path directory) {
    String host = environment.getOrDefault(SERVICE_HOST, "");
    String port = environment.getOrDefault(SERVICE_PORT, "443");
    return new ConnectionSettings(
        "the pod's service account",
        "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port,
        new ServerTrust(new PemSource(Optional.of(directory.resolve("ca.crt")), ""), false, ""),
        new Route(Optional.empty(), false, false),
        Optional.empty(),
        UserCredentials.ofTokenFile(directory.resolve("token")));
  }

  /**
   * An address without what is behind the path.
   *
   * @return null when it is no http or https address
   */
  static HttpUrl address(String server) {
    HttpUrl url = HttpUrl.parse(server);
    return url == null ? null : url.newBuilder().query(null).fragment(null).build();
  }

  public boolean isTls() {
    return server.startsWith("https:");
  }
}
