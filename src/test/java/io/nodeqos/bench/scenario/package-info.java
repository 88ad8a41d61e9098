// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** The scenarios that measure replicas, and what only scenarios share. */
package io.nodeqos.bench.scenario;
