// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.policy.PolicySnapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A worker with a settable behaviour for each of its methods, which records its calls. */
final class MoodyWorker implements QosWorker {
  final List<String> called = new CopyOnWriteArrayList<>();
  final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final String name;
  private volatile String mood = "";
  private volatile CountDownLatch release = new CountDownLatch(0);
  private volatile Function<WorkerInput, Contribution> plan = input -> Contribution.NONE;
  private volatile WorkerHealth health = WorkerHealth.HEALTHY;

  MoodyWorker(String name) {
    this.name = name;
  }

  /** Whatever is called waits in this method until {@link #release}. */
  MoodyWorker hangIn(String method) {
    release = new CountDownLatch(1);
    mood = "hang " + method;
    return this;
  }

  MoodyWorker throwIn(String method) {
    mood = "throw " + method;
    return this;
  }

  MoodyWorker plans(Function<WorkerInput, Contribution> contribution) {
    plan = contribution;
    return this;
  }

  MoodyWorker is(WorkerHealth newHealth) {
    health = newHealth;
    return this;
  }

  /** Hanging calls return, and later calls neither hang nor throw. */
  void release() {
    mood = "";
    release.countDown();
  }

  long calls(String method) {
    return called.stream().filter(method::equals).count();
  }

  private void called(String method) {
    called.add(method);
    threads.add(Thread.currentThread());
    if (mood.equals("throw " + method)) {
      throw new IllegalStateException("no mood");
    }
    if (mood.equals("hang " + method)) {
      boolean isReleased = false;
      while (!isReleased) {
        try {
          release.await();
          isReleased = true;
        } catch (InterruptedException e) {
          // As code that nothing can end.
        }
      }
    }
  }

  @Override
  public String name() {
    called("name");
    return name;
  }

  @Override
  public int order() {
    return 15;
  }

  @Override
  public void start() {
    called("start");
  }

  @Override
  public void updateConfig(PolicySnapshot policies) {
    called("updateConfig");
  }

  @Override
  public Contribution plan(WorkerInput input) {
    called("plan");
    return plan.apply(input);
  }

  @Override
  public WorkerHealth status() {
    called("status");
    return health;
  }

  @Override
  public void stop() {
    called("stop");
  }
}
