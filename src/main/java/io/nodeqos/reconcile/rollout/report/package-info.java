// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Tells operators about rollouts: events, metrics and traces. */
package io.nodeqos.reconcile.rollout.report;
