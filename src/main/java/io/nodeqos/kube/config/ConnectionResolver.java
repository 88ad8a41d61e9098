// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import io.nodeqos.kube.config.ConnectionSettings.Route;
import io.nodeqos.kube.config.ConnectionSettings.ServerTrust;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * Resolves server and user of the current context of a kubeconfig, by the rules of {@code
 * tools/clientcmd} of client-go 1.37 (validation.go, client_config.go). Stricter in one point: a
 * field about identity or route that kubectl ignores, or prompts for, is a problem here.
 */
final class ConnectionResolver {
  private static final Set<String> CLUSTER_FIELDS =
      Set.of(
          "server",
          "tls-server-name",
          "insecure-skip-tls-verify",
          "certificate-authority",
          "certificate-authority-data",
          "proxy-url",
          "disable-compression",
          "extensions");
  private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  private final Kubeconfig config;
  private final String source;
  private final ConnectionOverrides overrides;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  private ConnectionResolver(
      Kubeconfig config,
      String source,
      ConnectionOverrides overrides,
      Map<String, String> environment) {
    this.config = config;
    this.source = source;
    this.overrides = overrides;
    this.environment = environment;
  }

  /**
   * Resolves the current context.
   *
   * @param source names the files
   * @param overrides take the place of fields
   * @param environment with the proxies, for a cluster that names none
   * @throws ClientConfigException with all problems, in one sentence
   */
  static ConnectionSettings resolve(
      Kubeconfig config,
      String source,
      ConnectionOverrides overrides,
      Map<String, String> environment)
      throws ClientConfigException {
    ConnectionResolver resolver = new ConnectionResolver(config, source, overrides, environment);
    Optional<ConnectionSettings> settings = resolver.settings();
    if (settings.isPresent() && resolver.problems.isEmpty()) {
      return settings.get();
    }
    throw new ClientConfigException(
        "Cannot use %s: %s.".formatted(source, String.join("; ", resolver.problems)));
  }

  private Optional<ConnectionSettings> settings() {
    Optional<KubeconfigEntry> chosen = context();
    if (chosen.isEmpty()) {
      return Optional.empty();
    }
    KubeconfigEntry context = chosen.get();
    String namespace = context.string("namespace", problems);
    if (!namespace.isEmpty() && !namespace.matches(DNS_LABEL)) {
      problems.add(
          "namespace of %s is \"%s\", which is not the name of a namespace"
              .formatted(context.what(), namespace));
    }
    Optional<KubeconfigEntry> cluster =
        entry(context, "cluster", overrides.cluster(), config.clusters());
    Optional<KubeconfigEntry> user = entry(context, "user", overrides.user(), config.users());
    return cluster.isPresent() && user.isPresent()
        ? Optional.of(settings(cluster.get(), user.get()))
        : Optional.empty();
  }

  private Optional<KubeconfigEntry> context() {
    String name = overrides.context().isEmpty() ? config.currentContext() : overrides.context();
    Optional<KubeconfigEntry> context = Optional.ofNullable(config.contexts().get(name));
    if (context.isPresent()) {
      return context;
    }
    if (!name.isEmpty()) {
      problems.add(
          "%scontext \"%s\" does not exist%s"
              .formatted(
                  overrides.context().isEmpty() ? "its current-" : "the ",
                  name,
                  known("contexts", config.contexts())));
      return Optional.empty();
    }
    if (!overrides.cluster().isEmpty() && !overrides.user().isEmpty()) {
      return Optional.of(new KubeconfigEntry("no context", Path.of(""), Map.of()));
    }
    problems.add("it has no current-context" + known("contexts", config.contexts()));
    return Optional.empty();
  }

  private static String known(String what, Map<String, KubeconfigEntry> entries) {
    return " (%s: %s)"
        .formatted(what, entries.isEmpty() ? "none" : String.join(", ", entries.keySet()));
  }

  private Optional<KubeconfigEntry> entry(
      KubeconfigEntry context, String kind, String override, Map<String, KubeconfigEntry> entries) {
    String name = override.isEmpty() ? context.string(kind, problems) : override;
    KubeconfigEntry entry = entries.get(name);
    if (name.isEmpty()) {
      problems.add(context.what() + " names no " + kind);
    } else if (entry == null) {
      problems.add(
          "the %s \"%s\"%s does not exist%s"
              .formatted(
                  kind,
                  name,
                  override.isEmpty() ? " of " + context.what() : "",
                  known(kind + "s", entries)));
    }
    return name.isEmpty() ? Optional.empty() : Optional.ofNullable(entry);
  }

  private ConnectionSettings settings(KubeconfigEntry cluster, KubeconfigEntry user) {
    cluster.onlyKnows(CLUSTER_FIELDS, problems);
    UserReader reader = new UserReader(user, cluster, problems);
    HttpUrl server = server(cluster);
    UserCredentials credentials = reader.credentials();
    Optional<Impersonation> impersonation = reader.impersonation(overrides);
    check(server, user, credentials);
    return new ConnectionSettings(
        source,
        withoutSlash(server.toString()),
        trust(cluster),
        route(cluster, server),
        impersonation,
        credentials);
  }

  private static String withoutSlash(String address) {
    return address.endsWith("/")
        ? withoutSlash(address.substring(0, address.length() - 1))
        : address;
  }

  private HttpUrl server(KubeconfigEntry cluster) {
    String text = cluster.string("server", problems);
    HttpUrl server = ConnectionSettings.address(text);
    if (text.isEmpty()) {
      problems.add(cluster.what() + " has no server");
    } else if (server == null) {
      problems.add(
          "server of %s is \"%s\", must be an http or https address such as https://host:6443"
              .formatted(cluster.what(), text));
    } else if (!server.username().isEmpty() || !server.password().isEmpty()) {
      problems.add("server of " + cluster.what() + " contains a user; put it into users");
    }
    return server == null ? HttpUrl.get("https://unknown.invalid") : server;
  }

  private void check(HttpUrl server, KubeconfigEntry user, UserCredentials credentials) {
    if (credentials.isEmpty() && server.isHttps()) {
      problems.add(
          user.what()
              + " has no credentials (token, tokenFile, client-certificate, username or exec)");
    }
    if (!credentials.isEmpty() && !server.isHttps() && !ProxyEnvironment.isLocal(server.host())) {
      problems.add(
          "the server %s is reached without TLS, so the credentials of %s would be readable on the network"
              .formatted(server, user.what()));
    }
  }

  private ServerTrust trust(KubeconfigEntry cluster) {
    ServerTrust trust =
        new ServerTrust(
            UserReader.pem(cluster, "certificate-authority", problems),
            cluster.flag("insecure-skip-tls-verify", problems),
            cluster.string("tls-server-name", problems));
    if (trust.insecure() && trust.authorities().isPresent()) {
      problems.add(
          cluster.what()
              + " has a certificate-authority and insecure-skip-tls-verify, only one is allowed");
    }
    return trust;
  }

  private Route route(KubeconfigEntry cluster, HttpUrl server) {
    String url = cluster.string("proxy-url", problems);
    Optional<ProxyAddress> proxy = Optional.empty();
    try {
      proxy =
          url.isEmpty()
              ? new ProxyEnvironment(environment).proxyOf(server)
              : Optional.of(ProxyAddress.parse(url));
    } catch (IllegalArgumentException e) {
      problems.add(
          url.isEmpty() ? e.getMessage() : "proxy-url of " + cluster.what() + " " + e.getMessage());
    }
    return new Route(proxy, !url.isEmpty(), cluster.flag("disable-compression", problems));
  }
}
