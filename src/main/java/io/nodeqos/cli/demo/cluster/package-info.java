// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** What every demo runs: the embedded API, and the controller as processes of its own. */
package io.nodeqos.cli.demo.cluster;
