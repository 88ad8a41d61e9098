// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * One codec for each kind: from the bytes of an object to the few fields that this program needs.
 */
package io.nodeqos.kube.codec;
