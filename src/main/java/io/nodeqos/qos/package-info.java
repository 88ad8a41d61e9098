// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The QoS workers: each computes one part of a node's configuration. {@link
 * io.nodeqos.qos.QosWorker} is the plug-in point, found by {@link java.util.ServiceLoader}.
 */
package io.nodeqos.qos;
