// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The embedded API and its fleet in one thread and in virtual time, without HTTP. */
package io.nodeqos.sim.virtual;
