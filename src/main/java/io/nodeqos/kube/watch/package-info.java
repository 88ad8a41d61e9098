// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Lists and watches of one resource as they come from the server: pages, events, encodings. */
package io.nodeqos.kube.watch;
