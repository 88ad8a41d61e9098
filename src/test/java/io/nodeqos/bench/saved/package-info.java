// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** Results of earlier runs: their comparison and the tables of the documentation. */
package io.nodeqos.bench.saved;
