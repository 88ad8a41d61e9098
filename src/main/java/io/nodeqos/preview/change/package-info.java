// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The difference that two decisions about one node make, and the groups of nodes with the same one.
 */
package io.nodeqos.preview.change;
