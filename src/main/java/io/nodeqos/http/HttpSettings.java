// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import java.util.Objects;

/**
 * Where the process listens.
 *
 * @param address address of the listener for probes and metrics
 * @param port port of that listener; 0 takes a free one
 * @param adminPort port of the listener for operators, always on 127.0.0.1; 0 takes a free one
 */
public record HttpSettings(String address, int port, int adminPort) {

  public static final HttpSettings DEFAULTS = new HttpSettings("127.0.0.1", 8080, 8081);

  public HttpSettings {
    Objects.requireNonNull(address, "address");
    checkPort("port", port);
    checkPort("adminPort", adminPort);
    if (port == adminPort && port != 0) {
      throw new IllegalArgumentException("port and adminPort must differ");
    }
  }

  private static void checkPort(String name, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(name + " must be from 0 to 65535");
    }
  }
}
