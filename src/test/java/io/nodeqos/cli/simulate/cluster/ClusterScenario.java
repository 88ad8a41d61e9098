// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static io.nodeqos.cli.simulate.cluster.ClusterActs.continuous;
import static io.nodeqos.cli.simulate.cluster.ClusterActs.gates;
import static io.nodeqos.cli.simulate.cluster.ClusterActs.images;
import static io.nodeqos.cli.simulate.cluster.ClusterActs.quota;
import static io.nodeqos.cli.simulate.cluster.ClusterActs.steps;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Acts of people, kubelets and agents on a cluster, and the time after each of them. */
enum ClusterScenario {
  /** Nodes join with and without the startup taint, the quota changes, a node boots again. */
  WARM_UP(
      2,
      Set.of(),
      act(1, o -> o.policy("p", quota(50) + gates())),
      act(2, o -> o.join(true)),
      act(8, o -> o.join(false)),
      act(10, o -> o.policy("p", quota(40) + gates())),
      act(1, o -> o.reboot(2)),
      act(20, o -> {})),
  /** Nodes pull images by a DaemonSet, which goes when all have them; then the images change. */
  SPINNER(
      3,
      Set.of("docker.io/library/a:1"),
      act(1, o -> o.policy("p", images("docker.io/library/a:1") + gates())),
      act(3, o -> o.join(true)),
      act(20, o -> {}),
      act(
          2,
          o -> o.policy("p", images("docker.io/library/a:1", "docker.io/library/b:2") + gates())),
      act(30, o -> {})),
  /** Policies that clean their nodes come and go. */
  REMOVE(
      2,
      Set.of(),
      act(5, o -> o.policy("p", "'deletionPolicy': 'Remove', " + quota(50) + gates())),
      act(5, o -> o.policy("q", "'priority': 5, 'deletionPolicy': 'Remove', " + quota(30))),
      act(5, o -> o.delete("q")),
      act(5, o -> o.policy("q", "'priority': 5, " + quota(20))),
      act(5, o -> o.delete("p"))),
  /** Half of the nodes lose their agent at once: the brake holds until a person confirms. */
  BRAKE(
      6,
      Set.of(),
      act(120, o -> o.policy("p", quota(50) + continuous())),
      act(60, o -> o.failAgents(3)),
      act(30, o -> o.confirm("p"))),
  /** A change in three steps. */
  ROLLOUT(
      4,
      Set.of(),
      act(10, o -> o.policy("p", quota(50) + gates())),
      act(2, o -> o.policy("p", quota(40) + gates() + steps())),
      act(4, o -> {}),
      act(8, o -> {}),
      act(30, o -> {}));

  final int nodes;

  /** Without them no node is warm. */
  @SuppressWarnings("ImmutableEnumChecker") // Set.of texts
  final Set<String> images;

  @SuppressWarnings("ImmutableEnumChecker") // List.of of functions without state
  private final List<Act> acts;

  /** An act, and how much time passes afterwards. */
  private record Act(int seconds, Consumer<ClusterActs> doing) {}

  ClusterScenario(int nodes, Set<String> images, Act... acts) {
    this.nodes = nodes;
    this.images = images;
    this.acts = List.of(acts);
  }

  private static Act act(int seconds, Consumer<ClusterActs> doing) {
    return new Act(seconds, doing);
  }

  int size() {
    return acts.size();
  }

  void act(int index, FaultCluster cluster) {
    acts.get(index).doing().accept(new ClusterActs(cluster));
    cluster.run(Duration.ofSeconds(acts.get(index).seconds()));
  }
}
