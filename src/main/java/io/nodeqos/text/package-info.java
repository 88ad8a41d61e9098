// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Tables, styles, and the texts that both the command line and the views of a replica print. */
package io.nodeqos.text;
