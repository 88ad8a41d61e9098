// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The typed event bus {@code qos-events}: passes the events of the controller to its subscribers.
 */
package io.nodeqos.events;
