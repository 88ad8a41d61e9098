// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.time.Pauses;

/** The parts that all sources of caches share. */
public record Sources(
    ApiEndpoint api, KubeSettings.Cache settings, Pauses pauses, Interning interning) {}
