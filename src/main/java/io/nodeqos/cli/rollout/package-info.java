// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The command {@code rollout}: the recorded versions of a policy, and the way back to one. */
package io.nodeqos.cli.rollout;
