// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A value of the annotation {@code nodeqos.io/config} for one node.
 *
 * @param config the configuration, with a version that covers all sections
 */
public record ConfigValue(CompiledConfig config, String text) {

  /**
   * Writes the value.
   *
   * @param sections as with {@link ConfigAnnotation#write}
   */
  public static ConfigValue of(CompiledConfig config, Map<String, Object> sections) {
    CompiledConfig counted = config.withPluginSections(ConfigAnnotation.pluginDigests(sections));
    return new ConfigValue(counted, ConfigAnnotation.write(counted, sections));
  }

  /** Why no node can carry the value, a clause; empty when a node can. */
  public Optional<String> tooLarge() {
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    return size > Keys.CONFIG_MAX_BYTES
        ? Optional.of(
            "the configuration has "
                + size
                + " bytes; at most "
                + Keys.CONFIG_MAX_BYTES
                + " are allowed")
        : Optional.empty();
  }
}
