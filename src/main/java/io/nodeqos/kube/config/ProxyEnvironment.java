// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for an address, in capitals or else in
 * small letters, by the rules of golang.org/x/net/http/httpproxy v0.57, which kubectl 1.37 uses.
 */
final class ProxyEnvironment {
  private final Map<String, String> environment;

  ProxyEnvironment(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The proxy for requests to a server.
   *
   * @throws IllegalArgumentException with a clause that names the variable
   */
  Optional<ProxyAddress> proxyOf(HttpUrl server) {
    String variable = server.isHttps() ? "HTTPS_PROXY" : "HTTP_PROXY";
    String url = value(variable);
    if (url.isEmpty() || isLocal(server.host()) || isExcluded(server)) {
      return Optional.empty();
    }
    // With both schemes the proxy resolves names.
    String known = url.startsWith("socks5h://") ? "socks5" + url.substring(7) : url;
    try {
      return Optional.of(ProxyAddress.parse(known.contains("://") ? known : "http://" + known));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the environment variable " + variable + " " + e.getMessage(), e);
    }
  }

  private String value(String variable) {
    String capitals = environment.getOrDefault(variable, "");
    return capitals.isEmpty()
        ? environment.getOrDefault(variable.toLowerCase(Locale.ROOT), "")
        : capitals;
  }

  /** True for this machine, which is never reached through a proxy. */
  static boolean isLocal(String host) {
    return host.equals("localhost")
        || literal(host).map(InetAddress::isLoopbackAddress).orElse(false);
  }

  private boolean isExcluded(HttpUrl server) {
    for (String entry : value("NO_PROXY").split(",", -1)) {
      String rule = entry.strip().toLowerCase(Locale.ROOT);
      if (!rule.isEmpty() && matches(rule, server)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String rule, HttpUrl server) {
    if (rule.equals("*")) {
      return true;
    }
    Optional<InetAddress> address = literal(server.host());
    if (rule.contains("/")) {
      return address.isPresent() && inNetwork(rule, address.get());
    }
    HostPort wanted = HostPort.of(rule);
    if (!wanted.port().isEmpty() && !wanted.port().equals(Integer.toString(server.port()))) {
      return false;
    }
    Optional<InetAddress> wantedAddress = literal(wanted.host());
    if (wantedAddress.isPresent()) {
      return address.equals(wantedAddress);
    }
    // "example.com" is that host and all below, ".example.com" and "*.example.com" only those.
    String domain = wanted.host().startsWith("*.") ? wanted.host().substring(1) : wanted.host();
    String host = server.host().toLowerCase(Locale.ROOT);
    return domain.startsWith(".")
        ? host.endsWith(domain)
        : host.equals(domain) || host.endsWith("." + domain);
  }

  private static boolean inNetwork(String rule, InetAddress address) {
    int slash = rule.indexOf('/');
    Optional<InetAddress> network = literal(rule.substring(0, slash));
    if (network.isEmpty()) {
      return false;
    }
    byte[] wanted = network.get().getAddress();
    byte[] given = address.getAddress();
    int bits;
    try {
      bits = Integer.parseInt(rule.substring(slash + 1));
    } catch (NumberFormatException e) {
      return false;
    }
    if (wanted.length != given.length || bits < 0 || bits > 8 * wanted.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((wanted[bit / 8] & mask) != (given[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** An address that is written out; a name is never looked up. */
  private static Optional<InetAddress> literal(String host) {
    boolean v4 = host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    if (!v4 && !host.contains(":")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private record HostPort(String host, String port) {
    static HostPort of(String text) {
      int bracket = text.lastIndexOf(']');
      int colon = text.lastIndexOf(':');
      boolean bareV6 = bracket < 0 && text.indexOf(':') != colon;
      String host = colon > bracket && !bareV6 ? text.substring(0, colon) : text;
      String port = colon > bracket && !bareV6 ? text.substring(colon + 1) : "";
      return new HostPort(host.replace("[", "").replace("]", ""), port);
    }
  }
}
