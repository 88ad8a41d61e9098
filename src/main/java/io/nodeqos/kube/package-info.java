// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The adapters to the Kubernetes API: clients and credentials, slim decoding that tolerates fields
 * of any API version, caches kept by watches that resume instead of relisting, and writes that are
 * fenced and carry a resourceVersion.
 */
package io.nodeqos.kube;
