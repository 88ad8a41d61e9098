// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The QoS workers: quotas, plug-ins, and an agent that enforces them. */
package io.nodeqos.e2e.qos;
