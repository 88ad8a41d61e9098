// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.Context;
import io.nodeqos.events.QosEvent.ObjectId;
import io.nodeqos.events.QosEvent.Type;
import java.time.Instant;

/** Events of the bus, at a time that stands still. */
public final class Happenings {
  public static final Instant AT = Instant.parse("2026-11-03T10:00:00.123456789Z");

  private Happenings() {}

  public static QosEvent on(String node, Type type, String message) {
    return new QosEvent(
        type,
        AT,
        new ObjectId(node, "uid-" + node),
        new ObjectId("base", "uid-base"),
        new Context("", "2721baad77", 3),
        message);
  }

  public static QosEvent warm(String node) {
    return on(node, Type.WARMUP_DONE, "The node became warm after 30s. All gates are open.");
  }

  public static QosEvent onPolicy(Type type, String message) {
    return new QosEvent(
        type, AT, ObjectId.NONE, new ObjectId("base", "uid-base"), new Context("", "", 3), message);
  }

  public static QosEvent onNothing(Type type) {
    return new QosEvent(type, AT, ObjectId.NONE, ObjectId.NONE, new Context("", "", 3), "Leads.");
  }
}
