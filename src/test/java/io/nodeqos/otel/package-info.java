// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** The files in {@code otel/}, checked by the programs that will read them. */
package io.nodeqos.otel;
