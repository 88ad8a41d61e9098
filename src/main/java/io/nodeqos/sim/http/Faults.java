// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/**
 * Injects faults into chosen requests. The first injection that matches a request is applied and
 * its count reduced by one; later ones do not see that request. Thread-safe.
 */
public final class Faults {
  /** For every matching request until the injection is closed. */
  public static final int ALWAYS = Integer.MAX_VALUE;

  private final List<Injection> injections = new ArrayList<>();

  /** One injected fault; close it to end it and to let stalled requests go on. */
  public final class Injection implements AutoCloseable {
    private final Predicate<RequestInfo> when;
    private final Fault fault;
    private final CountDownLatch released = new CountDownLatch(1);
    private int left;
    private int hits;

    private Injection(Predicate<RequestInfo> when, Fault fault, int times) {
      this.when = when;
      this.fault = fault;
      this.left = times;
    }

    /** How many requests it was applied to. */
    public int hits() {
      synchronized (injections) {
        return hits;
      }
    }

    @Override
    public void close() {
      synchronized (injections) {
        injections.remove(this);
      }
      released.countDown();
    }

    Fault fault() {
      return fault;
    }

    void awaitRelease() throws InterruptedException {
      released.await();
    }
  }

  /**
   * Applies the fault to the next so many requests that match.
   *
   * @param times at least 1, or {@link #ALWAYS}
   */
  public Injection inject(Predicate<RequestInfo> when, Fault fault, int times) {
    Injection injection = new Injection(when, fault, times);
    synchronized (injections) {
      injections.add(injection);
    }
    return injection;
  }

  /** Ends all injections. */
  public void clear() {
    List<Injection> all;
    synchronized (injections) {
      all = List.copyOf(injections);
    }
    all.forEach(Injection::close);
  }

  /** Uses up one application of the first injection that matches. */
  Optional<Injection> take(RequestInfo info) {
    synchronized (injections) {
      for (Injection injection : injections) {
        if (injection.left > 0 && injection.when.test(info)) {
          injection.hits++;
          if (injection.left != ALWAYS) {
            injection.left--;
          }
          return Optional.of(injection);
        }
      }
      return Optional.empty();
    }
  }
}
