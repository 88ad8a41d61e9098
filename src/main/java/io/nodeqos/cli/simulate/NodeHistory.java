// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import io.nodeqos.node.Keys;
import io.nodeqos.sim.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The course of one node since the start of a run. Not thread-safe. */
final class NodeHistory {
  private final String name;
  private Optional<Instant> joined = Optional.empty();
  private Optional<Instant> warmAt = Optional.empty();
  private Optional<Instant> firstWrite = Optional.empty();
  private boolean taintedAtCreation;
  private int patches;
  private int statusPatches;
  private int marksLost;

  NodeHistory(String name) {
    this.name = name;
  }

  /** Whether a node carries the mark now. */
  static boolean isWarm(StoredObject node) {
    return "true".equals(node.selectable().labels().get(Keys.WARMED_UP));
  }

  void join(Instant at, boolean tainted) {
    joined = Optional.of(at);
    taintedAtCreation = tainted;
  }

  void wrote(Instant at, boolean status) {
    firstWrite = firstWrite.or(() -> Optional.of(at));
    patches += status ? 0 : 1;
    statusPatches += status ? 1 : 0;
  }

  void warm(Instant at) {
    warmAt = Optional.of(at);
  }

  void lostMark() {
    marksLost++;
    warmAt = Optional.empty();
  }

  String name() {
    return name;
  }

  /** Empty for a node that was there at the start. */
  Optional<Instant> joined() {
    return joined;
  }

  boolean isNew() {
    return joined.isPresent();
  }

  boolean taintedAtCreation() {
    return taintedAtCreation;
  }

  /** When it got its present mark; empty when it is not warm, or was so at the start. */
  Optional<Instant> warmAt() {
    return warmAt;
  }

  /** Empty while it has not been written. */
  Optional<Instant> firstWrite() {
    return firstWrite;
  }

  int patches() {
    return patches;
  }

  int statusPatches() {
    return statusPatches;
  }

  int writes() {
    return patches + statusPatches;
  }

  int marksLost() {
    return marksLost;
  }

  /** From its creation, or from the start of the run, until it became warm. */
  Optional<Duration> warmUp(Instant start) {
    return warmAt.map(at -> Duration.between(joined.orElse(start), at));
  }
}
