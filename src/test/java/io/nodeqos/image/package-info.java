// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** The container image: what {@code hack/image} makes is unpacked, looked at and run. */
package io.nodeqos.image;
