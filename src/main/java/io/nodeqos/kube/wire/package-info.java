// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Reading a message field by field, in JSON or in the protobuf encoding of Kubernetes, with unknown
 * fields tolerated.
 */
package io.nodeqos.kube.wire;
