// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** What is in {@code otel/}: checked by the programs that will read it. */
package io.nodeqos.otel;
