// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The event bus {@code qos-events}. Each subscriber has a bounded buffer of its own: a subscriber
 * that is slow or throws loses its own events, and blocks neither a publisher nor another
 * subscriber. Every subscriber sees the events of one publishing thread in their order.
 * Thread-safe.
 */
public final class QosEventBus implements EventSink {
  private final EventObserver observer;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  public QosEventBus(EventObserver observer) {
    this.observer = observer;
  }

  /** Only adds the event to buffers: a lock is held for that time at most. */
  @Override
  public void publish(QosEvent event) {
    observer.published(event.type());
    subscriptions.forEach(subscription -> subscription.offer(event));
  }

  /**
   * Adds a subscriber that takes its events itself.
   *
   * @param subscriber a fixed word: the value of a metric's label
   * @param capacity how many events may wait for it
   */
  public Subscription subscribe(String subscriber, int capacity) {
    observer.subscribed(subscriber);
    Subscription subscription = new Subscription(subscriber, capacity, observer);
    subscriptions.add(subscription);
    return subscription;
  }

  /**
   * Adds a subscriber that is called for each event, by its own thread.
   *
   * @param listener may block and may throw; an event on which it throws is lost to it
   */
  public void listen(String subscriber, int capacity, Consumer<QosEvent> listener) {
    Thread thread =
        DaemonThreads.named(
            "qos-events-" + subscriber,
            new ListenerThread(subscribe(subscriber, capacity), listener));
    threads.add(thread);
    thread.start();
  }

  /**
   * Ends the subscriptions and waits until the listeners have received all earlier events.
   *
   * @param longest after this time a busy listener is interrupted
   */
  public void stop(Duration longest) throws InterruptedException {
    subscriptions.forEach(Subscription::close);
    Deadline deadline = Deadline.after(longest);
    for (Thread thread : threads) {
      TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline.leftNanos()));
      thread.interrupt();
    }
  }
}
