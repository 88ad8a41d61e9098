// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import okhttp3.Credentials;

/**
 * A proxy between us and the API server.
 *
 * @param url as it was written, perhaps with a password
 * @param scheme {@code http}, {@code https} or {@code socks5}
 * @param userInfo {@code user:password}, decoded; empty when the proxy asks for none
 */
public record ProxyAddress(String url, String scheme, String host, int port, String userInfo) {
  private static final Map<String, Integer> DEFAULT_PORTS =
      Map.of("http", 80, "https", 443, "socks5", 1080);

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with a clause that does not repeat the URL, as there may be a
   *     password in it
   */
  static ProxyAddress parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is not a URL", e);
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!DEFAULT_PORTS.containsKey(scheme)) {
      throw new IllegalArgumentException(
          "has the scheme %s, must be http, https or socks5".formatted(uri.getScheme()));
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("names no host");
    }
    String userInfo = uri.getUserInfo() == null ? "" : uri.getUserInfo();
    if (scheme.equals("socks5") && !userInfo.isEmpty()) {
      throw new IllegalArgumentException(
          "has a user, which is supported for http and https but not for socks5");
    }
    String host = uri.getHost().replace("[", "").replace("]", "");
    int port = uri.getPort() < 0 ? DEFAULT_PORTS.get(scheme) : uri.getPort();
    return new ProxyAddress(url, scheme, host, port, userInfo);
  }

  public boolean isTls() {
    return scheme.equals("https");
  }

  public Proxy proxy() {
    Proxy.Type type = scheme.equals("socks5") ? Proxy.Type.SOCKS : Proxy.Type.HTTP;
    if (type == Proxy.Type.SOCKS) {
      return new Proxy(type, new InetSocketAddress(host, port));
    }
    return new Proxy(type, InetSocketAddress.createUnresolved(host, port));
  }

  /** The value of {@code Proxy-Authorization}; empty when the proxy asks for none. */
  public String authorization() {
    if (userInfo.isEmpty()) {
      return "";
    }
    int colon = userInfo.indexOf(':');
    return colon < 0
        ? Credentials.basic(userInfo, "")
        : Credentials.basic(userInfo.substring(0, colon), userInfo.substring(colon + 1));
  }

  /** For the log, without the password. */
  String describe() {
    return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
