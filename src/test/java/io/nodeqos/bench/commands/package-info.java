// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** The scenario that measures commands of {@code nodeqos}, each in a JVM of its own. */
package io.nodeqos.bench.commands;
