// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.http.Endpoint;
import io.nodeqos.http.HttpEndpoints;
import io.nodeqos.http.HttpSettings;
import java.io.IOException;
import java.util.Map;

/** The two listeners of the process. */
final class HttpListeners {
  private final HttpSettings settings;
  private final Map<String, Endpoint> open;
  private final Map<String, Endpoint> admin;
  private volatile HttpEndpoints endpoints;

  /**
   * @param open paths for everyone
   * @param admin paths for operators, on this machine only
   */
  HttpListeners(HttpSettings settings, Map<String, Endpoint> open, Map<String, Endpoint> admin) {
    this.settings = settings;
    this.open = Map.copyOf(open);
    this.admin = Map.copyOf(admin);
  }

  void start() throws IOException {
    endpoints = HttpEndpoints.start(settings, open, admin);
  }

  void stop() {
    endpoints.close();
  }
}
