// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

/**
 * The most that the controller writes to the API server, before the server itself asks for less.
 *
 * @param writesPerSecond sustained
 * @param burst at once after a calm time
 */
public record ApiSettings(double writesPerSecond, int burst) {

  public static final ApiSettings DEFAULTS = new ApiSettings(200, 400);
}
