// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Address and credentials of the API server: kubeconfig files by the rules of client-go, the
 * service account of a pod, client certificates and exec plug-ins.
 */
package io.nodeqos.kube.config;
