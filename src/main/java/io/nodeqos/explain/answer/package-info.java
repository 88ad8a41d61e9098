// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The explanation of a node or of all nodes as data, as text, and as JSON. */
package io.nodeqos.explain.answer;
