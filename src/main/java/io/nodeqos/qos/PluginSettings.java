// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of plug-in workers.
 *
 * @param directory each jar in it is a plug-in; empty for none
 * @param deadline how long one call of a plug-in worker may take
 */
public record PluginSettings(Optional<Path> directory, Duration deadline) {
  public static final PluginSettings DEFAULTS =
      new PluginSettings(Optional.empty(), Duration.ofSeconds(1));
}
