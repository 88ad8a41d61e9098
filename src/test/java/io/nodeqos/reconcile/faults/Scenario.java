// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.faults;

import java.util.List;
import java.util.function.Consumer;

/** What happens outside of the controller, act by act. The end of each is calm. */
enum Scenario {
  /** One node joins step by step, one is ready at once; one pod flaps. */
  WARM_UP(
      o -> o.policy("p", "'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]}"),
      o -> o.join("n1", false),
      o -> o.ready("n1", true),
      o -> o.pods("n1", true),
      o -> o.pods("n1", false),
      o -> o.pods("n1", true),
      o -> o.joinWithPods("n2")),
  /** A policy changes, a second one takes a section and gives it back. */
  CHANGE(
      o -> o.policy("p", "'reservation': {'cpu': '1'}"),
      o -> o.joinWithPods("n1"),
      o -> o.joinWithPods("n2"),
      o -> o.policy("p", "'reservation': {'cpu': '2'}"),
      o -> o.policyWithoutWarmUp("q", "'priority': 5, 'reservation': {'memory': '1Gi'}"),
      o -> o.policy("p", "'reservation': {'cpu': 'much'}"),
      o -> o.delete("q"),
      o -> o.policy("p", "'reservation': {'cpu': '3'}")),
  /** A policy that cleans its nodes goes, and is created again. */
  REMOVE(
      o -> o.policy("p", "'deletionPolicy': 'Remove', 'reservation': {'cpu': '1'}"),
      o -> o.joinWithPods("n1"),
      o -> o.joinWithPods("n2"),
      o -> o.delete("p"),
      o -> o.foreignTaint("n1"),
      o -> o.policy("p", "'deletionPolicy': 'Remove', 'reservation': {'cpu': '2'}"),
      o -> o.delete("p")),
  /** A warm node boots again, with the pods of the boot before. */
  REBOOT(
      o -> o.policy("p", ""),
      o -> o.joinWithPods("n1"),
      o -> o.joinWithPods("n2"),
      o -> o.reboot("n1"),
      o -> o.pods("n1", false),
      o -> o.pods("n1", true),
      o -> o.reboot("n1"),
      o -> o.reboot("n2"),
      o -> o.pods("n2", true),
      o -> o.pods("n1", true)),
  /** A node is deleted, and created again under its name. */
  REPLACEMENT(
      o -> o.policy("p", "'reservation': {'cpu': '1', 'countReservedPods': true}"),
      o -> o.joinWithPods("n1"),
      o -> o.gone("n1"),
      o -> o.join("n1", true),
      o -> o.pods("n1", true),
      o -> o.gone("n1"),
      o -> o.joinWithPods("n1")),
  /** Gates close and open again. */
  CONTINUOUS(
      o -> o.continuous("p"),
      o -> o.joinWithPods("n1"),
      o -> o.joinWithPods("n2"),
      o -> o.pods("n1", false),
      o -> o.pods("n1", true),
      o -> o.ready("n2", false),
      o -> o.pods("n2", false),
      o -> o.ready("n2", true),
      o -> o.pods("n2", true));

  @SuppressWarnings("ImmutableEnumChecker") // List.of of functions without state
  private final List<Consumer<Outside>> acts;

  @SafeVarargs
  @SuppressWarnings("varargs")
  Scenario(Consumer<Outside>... acts) {
    this.acts = List.of(acts);
  }

  int size() {
    return acts.size();
  }

  /**
   * A policy that no controller has seen has no finalizer, and goes without a trace. A boot that no
   * controller has seen leaves nothing to tell the pods of the next one by.
   */
  boolean mustBeSeen(int act) {
    return this == REMOVE && act == acts.size() - 2 || this == REBOOT && act == 2;
  }

  void act(int index, Outside outside) {
    acts.get(index).accept(outside);
  }
}
