// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** HTTP to a port of a pod, through the API server and with the credentials of its user. */
package io.nodeqos.kube.forward;
