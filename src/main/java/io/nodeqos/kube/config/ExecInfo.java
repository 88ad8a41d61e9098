// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The value of KUBERNETES_EXEC_INFO for a credential plug-in: an ExecCredential of {@code
 * pkg/apis/clientauthentication} of client-go 1.37.
 */
final class ExecInfo {
  private ExecInfo() {}

  /**
   * As JSON.
   *
   * @param connection the connection whose user has the plug-in
   * @param interactive it has our standard input
   * @throws IOException when the file with the authorities of the server cannot be read
   */
  static String of(ConnectionSettings connection, ExecSettings plugin, boolean interactive)
      throws IOException {
    JsonObject spec = new JsonObject();
    if (plugin.provideClusterInfo()) {
      spec.add("cluster", cluster(connection, plugin));
    }
    spec.addProperty("interactive", interactive);
    JsonObject info = new JsonObject();
    info.addProperty("kind", "ExecCredential");
    info.addProperty("apiVersion", plugin.apiVersion());
    info.add("spec", spec);
    return info.toString();
  }

  private static JsonObject cluster(ConnectionSettings connection, ExecSettings plugin)
      throws IOException {
    ConnectionSettings.ServerTrust trust = connection.trust();
    ConnectionSettings.Route route = connection.route();
    JsonObject cluster = new JsonObject();
    cluster.addProperty("server", connection.server());
    if (!trust.serverName().isEmpty()) {
      cluster.addProperty("tls-server-name", trust.serverName());
    }
    if (trust.insecure()) {
      cluster.addProperty("insecure-skip-tls-verify", true);
    }
    if (trust.authorities().isPresent()) {
      byte[] pem = trust.authorities().read().getBytes(StandardCharsets.ISO_8859_1);
      cluster.add(
          "certificate-authority-data", new JsonPrimitive(Base64.getEncoder().encodeToString(pem)));
    }
    if (route.named()) {
      route.proxy().ifPresent(proxy -> cluster.addProperty("proxy-url", proxy.url()));
    }
    if (route.disableCompression()) {
      cluster.addProperty("disable-compression", true);
    }
    plugin.clusterConfig().ifPresent(config -> cluster.add("config", config));
    return cluster;
  }
}
