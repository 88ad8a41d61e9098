// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** What the manifests grant and refuse. */
package io.nodeqos.e2e.manifests;
