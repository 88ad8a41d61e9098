// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** JSON patch, merge patch and strategic merge patch. */
package io.nodeqos.sim.patch;
