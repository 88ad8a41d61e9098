// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The typed event bus {@code qos-events}: what happens, told to whoever wants to hear it. */
package io.nodeqos.events;
