// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

/** Takes events. Never blocks and never throws; thread-safe. */
@FunctionalInterface
public interface EventSink {
  void publish(QosEvent event);
}
