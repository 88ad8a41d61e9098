// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The status, the finalizer and the stored revisions of each policy. */
package io.nodeqos.reconcile.policies;
