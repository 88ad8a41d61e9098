// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** What changed policies would do to a fleet, as one result and as text. */
package io.nodeqos.preview.plan;
