// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

/**
 * A value as written in its source.
 *
 * @param text the value
 * @param origin its place, for messages: {@code NODEQOS_HTTP_PORT} or {@code config.yaml:3}
 */
record RawValue(String text, String origin) {}
