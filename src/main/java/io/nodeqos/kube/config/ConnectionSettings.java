// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * How to reach one API server, and as which user: all fields of a kubeconfig, or of the service
 * account of a pod.
 *
 * @param source its origin, for the log
 * @param server without a slash at its end
 * @param route the way to it
 * @param impersonation the impersonated user
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

  private static final String POD = "the pod's service account";

  /**
   * Which server is trusted.
   *
   * @param authorities certificates of authorities; without any, those of the JVM
   * @param insecure any server is trusted
   * @param serverName that the certificate must be for; empty for the host of the address
   */
  public record ServerTrust(PemSource authorities, boolean insecure, String serverName) {}

  /**
   * The way to the server.
   *
   * @param proxy empty for none
   * @param named the proxy stands in the kubeconfig, not in the environment
   * @param disableCompression ask for answers that are not compressed
   */
  public record Route(Optional<ProxyAddress> proxy, boolean named, boolean disableCompression) {}

  /**
   * Of the pod that this process runs in. Never through a proxy: a cluster's own address is reached
   * straight, whatever proxy variables its pods have.
   *
   * @param directory where the service account is mounted
   */
  static ConnectionSettings ofPod(Map<String, String> environment, Path directory) {
    String host = environment.getOrDefault(SERVICE_HOST, "");
    String port = environment.getOrDefault(SERVICE_PORT, "443");
    return new ConnectionSettings(
        POD,
        "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port,
        new ServerTrust(new PemSource(Optional.of(directory.resolve("ca.crt")), ""), false, ""),
        new Route(Optional.empty(), false, false),
        Optional.empty(),
        UserCredentials.ofTokenFile(directory.resolve("token")));
  }

  /** The same with the impersonated user of the flags. */
  ConnectionSettings as(ConnectionOverrides overrides) throws ClientConfigException {
    if (overrides.as().isEmpty() && !overrides.asGroups().isEmpty()) {
      throw new ClientConfigException("--as-group needs --as.");
    }
    return overrides.as().isEmpty()
        ? this
        : new ConnectionSettings(
            source,
            server,
            trust,
            route,
            Optional.of(new Impersonation(overrides.as(), "", overrides.asGroups(), Map.of())),
            user);
  }

  /**
   * An address without query and fragment.
   *
   * @return null when it is no http or https address
   */
  static HttpUrl address(String server) {
    HttpUrl url = HttpUrl.parse(server);
    return url == null ? null : url.newBuilder().query(null).fragment(null).build();
  }

  /** The user is the service account of this pod. */
  public boolean isOfPod() {
    return source.equals(POD);
  }

  public boolean isTls() {
    return server.startsWith("https:");
  }
}
