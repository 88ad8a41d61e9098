// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** The ways to install, {@code manifests/} and its chart, rendered without a server. */
package io.nodeqos.install;
