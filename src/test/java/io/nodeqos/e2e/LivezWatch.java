// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks replicas for {@code /livez} as a kubelet would, only more often. */
final class LivezWatch implements AutoCloseable {
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Member> members;

  private LivezWatch(List<Member> members) {
    this.members = members;
  }

  static LivezWatch start(List<Member> members) {
    LivezWatch watch = new LivezWatch(members);
    var unused = watch.timer.scheduleWithFixedDelay(watch::ask, 0, 500, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void ask() {
    for (Member member : members) {
      ControllerRun.Probe probe = member.run().probe("/livez");
      if (probe.code() != 200) {
        failures.add(member + ": " + probe);
      }
    }
  }

  /** Each answer that would count against the pod. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
