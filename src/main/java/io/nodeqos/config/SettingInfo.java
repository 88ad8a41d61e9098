// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

/**
 * One setting, as documentation.
 *
 * @param key as written in a file
 * @param allowed what values are allowed
 * @param defaultValue as it would be written in a file
 * @param doc one sentence
 * @param live a change in the file takes effect without a restart
 */
public record SettingInfo(
    String key, String allowed, String defaultValue, String doc, boolean live) {

  /** The environment variable for this setting. */
  public String variable() {
    return EnvironmentSource.variable(key);
  }
}
