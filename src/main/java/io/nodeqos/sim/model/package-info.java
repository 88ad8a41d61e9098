// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** What the other parts of the embedded API share: objects as JSON, resource types, errors. */
package io.nodeqos.sim.model;
