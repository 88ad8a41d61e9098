// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The life of a policy: its status, its deletion, its last valid version. */
package io.nodeqos.e2e.policies;
