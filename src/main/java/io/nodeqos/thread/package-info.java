// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Creation of threads. Every package may import this one, which imports none of this project. */
package io.nodeqos.thread;
