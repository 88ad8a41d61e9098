// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * What the benchmark prints and writes: sheets of figures with their goals, tables, plots,
 * progress.
 */
package io.nodeqos.bench.report;
