// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * What the tests share: the installed manifests, controllers as processes, worlds of nodes and
 * pods, and the audit log.
 */
package io.nodeqos.e2e.rig;
