// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two listeners of the process: probes and metrics where the settings say, and views for
 * operators on 127.0.0.1 only, because they show more than a scraper needs.
 */
public final class HttpEndpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);

  private final Listener open;
  private final Listener admin;

  private HttpEndpoints(Listener open, Listener admin) {
    this.open = open;
    this.admin = admin;
  }

  /**
   * Starts both listeners, or none.
   *
   * @param openPaths answered by the first, for example {@code /livez}, {@code /readyz}, {@code
   *     /metrics}
   * @param adminPaths answered by the second, for example {@code /snapshot}
   * @throws IOException if an address cannot be listened on; the message is a sentence for the
   *     operator and names the setting
   */
  public static HttpEndpoints start(
      HttpSettings settings, Map<String, Endpoint> openPaths, Map<String, Endpoint> adminPaths)
      throws IOException {
    InetSocketAddress openAddress = new InetSocketAddress(settings.address(), settings.port());
    if (openAddress.isUnresolved()) {
      throw new IOException(
          "cannot listen on " + settings.address() + " (setting http.address): unknown host");
    }
    InetSocketAddress adminAddress =
        new InetSocketAddress(
            InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), settings.adminPort());
    Listener open = Listener.start(openAddress, "http.port", openPaths);
    try {
      Listener admin = Listener.start(adminAddress, "http.adminPort", adminPaths);
      HttpEndpoints endpoints = new HttpEndpoints(open, admin);
      LOG.info(
          "Listening on {}:{} for {}", settings.address(), endpoints.port(), openPaths.keySet());
      LOG.info("Listening on 127.0.0.1:{} for {}", endpoints.adminPort(), adminPaths.keySet());
      return endpoints;
    } catch (IOException e) {
      open.stop();
      throw e;
    }
  }

  /** The actual port of probes and metrics. */
  public int port() {
    return open.port();
  }

  /** The actual port of the operators' views. */
  public int adminPort() {
    return admin.port();
  }

  /** Stops both listeners and aborts requests in progress. */
  @Override
  public void close() {
    open.stop();
    admin.stop();
  }
}
