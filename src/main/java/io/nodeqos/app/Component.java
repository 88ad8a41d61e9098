// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import java.io.IOException;

/** One running part of the process. Started once, and stopped once when it has started. */
final class Component {
  private final String name;
  private final Start start;
  private final StopStack.Stop stop;

  /** The start of a component; one that waits returns when the process stops. */
  @FunctionalInterface
  interface Start {
    /**
     * @throws IOException when the process cannot run; the message is a sentence for the operator
     */
    void run() throws IOException, InterruptedException;
  }

  private Component(String name, Start start, StopStack.Stop stop) {
    this.name = name;
    this.start = start;
    this.stop = stop;
  }

  static Component of(String name, Start start, StopStack.Stop stop) {
    return new Component(name, start, stop);
  }

  /** A step of the start that needs no stop. */
  static Component startOnly(String name, Start start) {
    return new Component(name, start, () -> {});
  }

  /** A component that runs from its creation. */
  static Component stopOnly(String name, StopStack.Stop stop) {
    return new Component(name, () -> {}, stop);
  }

  String name() {
    return name;
  }

  void start() throws IOException, InterruptedException {
    start.run();
  }

  void stop() throws Exception {
    stop.run();
  }
}
