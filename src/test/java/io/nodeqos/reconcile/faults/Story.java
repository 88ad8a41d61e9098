// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.NodeView;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.QueuedProcess;
import io.nodeqos.reconcile.plan.WriteRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of a scenario: the acts come some seconds apart, the processes see them and work, and a
 * plan disturbs that. Each write is held to {@link WriteRules}; and a node is marked only when its
 * gates have been open in this boot, by the API server.
 */
final class Story {
  private static final int SECONDS_BETWEEN_ACTS = 12;

  /** Longer than the damping of conditions, of policies' status and of a fight. */
  private static final int SECONDS_AFTER_THE_LAST = 60;

  private static final int LEASE_SECONDS = 15;

  final Outside outside = new Outside();
  final List<QueuedProcess> processes = new ArrayList<>();
  private final Scenario scenario;
  private final Disturbance disturbance;
  private final List<Outside.Seen> history = new ArrayList<>();
  private int writes;

  /** The process is killed in the middle of a write. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** The caches of a process, each with its own watch. */
  enum Cache {
    ALL,
    NODES,
    PODS,
    /** The reserved namespaces are not known yet, nor what is in them. */
    NAMESPACES,
    POLICIES
  }

  /** What a plan does to a story. */
  interface Disturbance {
    Disturbance NONE = new Disturbance() {};

    /** Before the k-th write, from 1, is carried out. */
    default void beforeWrite(int k, Story story) {}

    /** After it was carried out, and before the reply. */
    default void afterWrite(int k, Story story) {}

    /** After an act; false when nobody sees it before the next one. */
    default boolean isSeen(int act) {
      return true;
    }

    /** The order in which the caches see nodes (0), pods (1) and policies (2). */
    default List<Integer> order() {
      return List.of(0, 1, 2);
    }

    /** Changes something that another writer must not. */
    default void after(int act, Story story) {}

    /** Whether there is a second process from the beginning. */
    default boolean hasReplica() {
      return false;
    }

    /** How many acts the caches of a new leader are behind at first. */
    default int behind() {
      return 0;
    }

    /** The cache of a new leader that is behind. */
    default Cache stale() {
      return Cache.ALL;
    }
  }

  Story(Scenario scenario, Disturbance disturbance) {
    this.scenario = scenario;
    this.disturbance = disturbance;
    outside.api.beforeWrite(this::before);
    outside.api.onWrite(
        write -> {
          checkRules(write);
          after();
        });
    outside.policyApi.beforeWrite(this::before);
    outside.policyApi.onWrite(policy -> after());
  }

  private void checkRules(FakeNodeWriter.Write write) {
    if (scenario == Scenario.REMOVE) {
      WriteRules.onlyOurs(write.before(), write.after());
    } else {
      WriteRules.check(write);
    }
    if (!WriteRules.isMarked(write.before()) && WriteRules.isMarked(write.after())) {
      assertTrue(
          outside.hadOpenGates(write.after()), () -> "marked before its gates were open: " + write);
    }
  }

  private void before() {
    writes++;
    disturbance.beforeWrite(writes, this);
  }

  private void after() {
    disturbance.afterWrite(writes, this);
  }

  Story play() {
    start().lead();
    if (disturbance.hasReplica()) {
      start();
    }
    for (int act = 0; act < scenario.size(); act++) {
      scenario.act(act, outside);
      history.add(outside.now());
      disturbance.after(act, this);
      if (act == scenario.size() - 1 || scenario.mustBeSeen(act) || disturbance.isSeen(act)) {
        seconds(SECONDS_BETWEEN_ACTS);
      } else {
        // A reboot within the second of a pod's start does not happen.
        outside.time.advance(Duration.ofSeconds(SECONDS_BETWEEN_ACTS));
      }
    }
    outside.api.loseReplies(false);
    outside.policyApi.loseReplies(false);
    seconds(SECONDS_AFTER_THE_LAST);
    int end = writes;
    for (int i = 0; i < 30; i++) {
      pass();
      outside.time.advance(Duration.ofSeconds(50));
    }
    assertEquals(end, writes, "writes in steady state");
    return this;
  }

  int writes() {
    return writes;
  }

  int nodeWrites() {
    return outside.api.writes().size();
  }

  private QueuedProcess start() {
    QueuedProcess process = new QueuedProcess(outside.api, outside.policyApi, outside.time);
    processes.add(process);
    return process;
  }

  private void seconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      pass();
      outside.time.advance(Duration.ofSeconds(1));
    }
  }

  /** All processes see everything and work until nothing is left to do. */
  private void pass() {
    boolean busy = true;
    for (int round = 0; busy; round++) {
      assertTrue(round < 500, "a hot loop: there is always something to do, and no time passes");
      busy = false;
      for (QueuedProcess process : List.copyOf(processes)) {
        try {
          see(process, outside.now());
          busy |= process.work();
        } catch (Killed killed) {
          takeOver(process);
          busy = true;
        }
      }
    }
  }

  private void see(QueuedProcess process, Outside.Seen seen) {
    for (int kind : disturbance.order()) {
      see(process, seen, kind);
      if (!disturbance.order().equals(Disturbance.NONE.order())) {
        // The others come only after it has worked on this.
        while (process.work()) {
          // Until nothing is left to do.
        }
      }
    }
  }

  private static void see(QueuedProcess process, Outside.Seen seen, int kind) {
    switch (kind) {
      case 0 -> {
        for (String name : List.copyOf(process.process.cluster.nodeNames())) {
          if (seen.nodes().stream().noneMatch(n -> n.name().equals(name))) {
            process.see(name, Optional.empty());
          }
        }
        for (NodeView node : seen.nodes()) {
          process.see(node.name(), Optional.of(node));
        }
      }
      case 1 -> seen.pods().forEach(process::seePods);
      default -> process.seePolicies(seen.policies());
    }
  }

  private Outside.Seen mixed(Outside.Seen then, Outside.Seen now) {
    return switch (disturbance.stale()) {
      case ALL -> then;
      case NODES -> new Outside.Seen(then.nodes(), now.pods(), now.policies());
      case PODS -> new Outside.Seen(now.nodes(), then.pods(), now.policies());
      case NAMESPACES -> new Outside.Seen(now.nodes(), Map.of(), now.policies());
      case POLICIES -> new Outside.Seen(now.nodes(), now.pods(), then.policies());
    };
  }

  /** Another process leads, a lease later, with caches that may be behind at first. */
  private void takeOver(QueuedProcess dead) {
    processes.remove(dead);
    outside.api.loseReplies(false);
    outside.policyApi.loseReplies(false);
    QueuedProcess next = processes.isEmpty() ? start() : processes.get(0);
    if (disturbance.behind() > 0) {
      processes.remove(next);
      next = start();
      int then = Math.max(0, history.size() - 1 - disturbance.behind());
      see(next, mixed(history.get(then), outside.now()));
    }
    outside.time.advance(Duration.ofSeconds(LEASE_SECONDS));
    next.lead();
    while (next.work()) {
      // It sees nothing new meanwhile.
    }
  }
}
