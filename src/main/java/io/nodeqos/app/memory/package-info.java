// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The memory of the process: gives back what a burst of work has left. */
package io.nodeqos.app.memory;
