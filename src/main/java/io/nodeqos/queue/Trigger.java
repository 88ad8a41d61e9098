// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import io.nodeqos.telemetry.tracing.SpanRef;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.util.Objects;

/**
 * The cause for which a key was queued. The queue only carries it; of several causes the first is
 * kept.
 *
 * @param kind kind of the object of the event
 * @param namespace namespace of that object; empty for a cluster-scoped one
 * @param span the span that the trace of the work links to: the event, or the work that requested
 *     it
 */
public record Trigger(TriggerKind kind, String namespace, SpanRef span) {

  /** No known cause; gives way to any other. */
  public static final Trigger NONE = new Trigger(TriggerKind.NONE, "");

  public Trigger {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(span, "span");
  }

  public Trigger(TriggerKind kind, String namespace) {
    this(kind, namespace, SpanRef.NONE);
  }

  /** No event, but earlier work requested it; gives way to an event. */
  public static Trigger after(SpanRef work) {
    return work.equals(SpanRef.NONE) ? NONE : new Trigger(TriggerKind.NONE, "", work);
  }

  /** The same cause, known by another span; the same span if that is none. */
  Trigger seenBy(SpanRef later) {
    return later.equals(SpanRef.NONE) ? this : new Trigger(kind, namespace, later);
  }

  Trigger orIfNone(Trigger later) {
    return kind == TriggerKind.NONE && !later.equals(NONE) ? later : this;
  }
}
