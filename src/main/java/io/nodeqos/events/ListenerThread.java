// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes the events of one subscription to a listener, even after exceptions of the listener. */
final class ListenerThread implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerThread.class);
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private final Subscription subscription;
  private final Consumer<QosEvent> listener;

  /** Only the first failure in a row is logged. */
  private boolean failing;

  ListenerThread(Subscription subscription, Consumer<QosEvent> listener) {
    this.subscription = subscription;
    this.listener = listener;
  }

  @Override
  public void run() {
    try {
      while (!subscription.isDone()) {
        subscription.poll(MAX_WAIT).ifPresent(this::tell);
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(QosEvent event) {
    try {
      listener.accept(event);
      failing = false;
    } catch (RuntimeException | LinkageError thrown) {
      subscription.lost();
      if (!failing) {
        LOG.warn("Subscriber {} failed on an event", subscription.subscriber(), thrown);
      }
      failing = true;
    }
  }
}
