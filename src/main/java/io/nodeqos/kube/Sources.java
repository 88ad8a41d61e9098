// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

/** What all sources of caches share. */
record Sources(ApiEndpoint api, KubeSettings.Cache settings, Timing timing, Interning interning) {}
