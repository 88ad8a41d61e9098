// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * The programs that a benchmark starts, and what they did and cost: by the audit log, an outside
 * watch and the system.
 */
package io.nodeqos.bench.rig;
