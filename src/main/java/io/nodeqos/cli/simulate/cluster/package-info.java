// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** A cluster in virtual time: the embedded API, its fleet and a leader of the controller. */
package io.nodeqos.cli.simulate.cluster;
