// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * The controller as a process of its own on a real control plane, installed from {@code
 * manifests/}, with a token of its real ServiceAccount: what it writes, what it may do, and what
 * the admission policies let through.
 */
package io.nodeqos.e2e;
