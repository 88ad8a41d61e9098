// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks replicas for {@code /livez} as a kubelet would, only more often. */
final class LivezWatch implements AutoCloseable {
  /** As many as the Deployment allows before the container is started anew. */
  private static final int SILENCES = 3;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Map<Member, Integer> silent = new HashMap<>();
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
      int silences = probe.code() == 0 ? silent.merge(member, 1, Integer::sum) : 0;
      silent.put(member, silences);
      if (probe.code() != 200 && (silences == 0 || silences == SILENCES)) {
        failures.add(member + ": " + probe);
      }
    }
  }

  /** Every answer but "ok", and every third time in a row that there was none. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
