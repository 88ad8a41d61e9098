// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The credential plug-in of a user.
 *
 * @param apiVersion one of {@link #API_VERSIONS}, which the plug-in must answer in
 * @param command a name for PATH, or an absolute path
 * @param environment added to that of this process
 * @param installHint shown when the command does not exist; may be empty
 * @param clusterConfig the value of the cluster's extension {@link #EXTENSION}
 */
public record ExecSettings(
    String apiVersion,
    List<String> command,
    Map<String, String> environment,
    String installHint,
    InteractiveMode interactiveMode,
    boolean provideClusterInfo,
    Optional<JsonElement> clusterConfig) {
  static final String EXTENSION = "client.authentication.k8s.io/exec";
  static final Set<String> API_VERSIONS =
      Set.of("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1");

  /** Whether the plug-in gets our standard input. */
  enum InteractiveMode {
    NEVER("Never"),
    IF_AVAILABLE("IfAvailable"),
    ALWAYS("Always");

    private final String text;

    InteractiveMode(String text) {
      this.text = text;
    }

    static Optional<InteractiveMode> of(String text) {
      for (InteractiveMode mode : values()) {
        if (mode.text.equals(text)) {
          return Optional.of(mode);
        }
      }
      return Optional.empty();
    }
  }
}
