// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * A real Jaeger for tests, started by {@code hack/jaeger}: it takes spans by OTLP and reports
 * through its query API what it has understood of them.
 */
package io.nodeqos.jaeger;
