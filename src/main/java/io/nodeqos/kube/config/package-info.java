// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Where the API server is and who asks it: kubeconfig files after the rules of client-go, the
 * service account of a pod, client certificates and exec plug-ins.
 */
package io.nodeqos.kube.config;
