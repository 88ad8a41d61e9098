// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

/**
 * A value as somebody wrote it.
 *
 * @param text the value
 * @param origin where, for people: {@code NODEQOS_HTTP_PORT} or {@code config.yaml:3}
 */
record RawValue(String text, String origin) {}
