// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** {@code nodeqos demo --rollout}: a good and a bad change of a policy, step by step. */
package io.nodeqos.cli.demo.rollout;
