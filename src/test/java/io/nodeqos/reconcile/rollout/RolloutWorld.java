// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.FakePolicyWriter;
import io.nodeqos.reconcile.FakeRevisions;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.policies.RevisionWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** An API server with one policy, its nodes, their agents, and the processes of the controller. */
final class RolloutWorld {
  static final String POLICY = "p";
  static final String ZONE = "topology.kubernetes.io/zone";

  final FakeTime time = new FakeTime();
  final FakeNodeWriter api = new FakeNodeWriter();
  final FakePolicyWriter policyApi = new FakePolicyWriter();
  final FakeRevisions revisionApi = new FakeRevisions();
  final RolloutJudge judge = new RolloutJudge(POLICY);
  final List<RolloutProcess> processes = new ArrayList<>();
  final Map<String, ReservedState> pods = new HashMap<>();
  private final List<Seen> history = new ArrayList<>();
  private Runnable beforeWrite = () -> {};
  private Runnable afterWrite = () -> {};
  private Consumer<RolloutWorld> agents = world -> {};

  /** The process has ended. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** What a cache could hold. */
  record Seen(List<NodeView> nodes, List<PolicyObject> policies, List<PolicyRevision> revisions) {}

  RolloutWorld() {
    api.beforeWrite(() -> beforeWrite.run());
    policyApi.beforeWrite(() -> beforeWrite.run());
    api.onWrite(
        write -> {
          judge.nodeWritten(write, api.nodes().stream().filter(this::isSelected).toList());
          written();
        });
    policyApi.onWrite(
        policy -> {
          judge.policyWritten(policy);
          written();
        });
  }

  private void written() {
    history.add(present());
    afterWrite.run();
  }

  /** Around each write of a controller, whatever the object; what they throw ends the writer. */
  void aroundWrites(Runnable before, Runnable after) {
    beforeWrite = before;
    afterWrite = after;
  }

  /** What agents and kubelets do each second. */
  void agents(Consumer<RolloutWorld> act) {
    agents = act;
  }

  RolloutProcess start() {
    RolloutProcess process =
        new RolloutProcess(
            api,
            policyApi,
            new RevisionWriter() {
              @Override
              public WriteResult create(String json) {
                beforeWrite.run();
                WriteResult result = revisionApi.create(json);
                written();
                return result;
              }

              @Override
              public WriteResult patch(String name, String json) {
                beforeWrite.run();
                WriteResult result = revisionApi.patch(name, json);
                written();
                return result;
              }

              @Override
              public WriteResult delete(String name, String uid) {
                beforeWrite.run();
                WriteResult result = revisionApi.delete(name, uid);
                written();
                return result;
              }
            },
            time);
    catchUp(process);
    processes.add(process);
    return process;
  }

  /** The process is gone, with all that it remembers. */
  void kill(RolloutProcess process) {
    process.depose();
    processes.remove(process);
  }

  RolloutProcess leader() {
    return processes.stream().filter(RolloutProcess::leads).findFirst().orElseThrow();
  }

  NodeView join(String name, String zone) {
    return api.put(
        NodeFixture.node(name)
            .uid(name + "-" + time.nanos())
            .reportedAt(time.instant())
            .created(time.instant())
            .label(ZONE, zone)
            .label("pool", "x")
            .build());
  }

  PolicyObject apply(String spec) {
    return policyApi.apply(PolicyFixture.policy(POLICY, spec));
  }

  String spec() {
    return policyApi.policies().get(POLICY).spec().toString();
  }

  /** By the selector in force, which has at most a pool. */
  boolean isSelected(NodeView node) {
    PolicyObject policy = policyApi.policies().get(POLICY);
    return !policy.spec().toString().contains("matchLabels")
        || "x".equals(node.labels().get("pool"));
  }

  RolloutState rollout() {
    return RolloutJson.in(policyApi.policies().get(POLICY).status()).orElseThrow();
  }

  private Seen present() {
    return new Seen(
        api.nodes(),
        List.copyOf(policyApi.policies().values()),
        List.copyOf(revisionApi.stored().values()));
  }

  /** The state before the last so many writes. */
  Seen before(int writes) {
    return writes == 0 ? present() : history.get(Math.max(0, history.size() - 1 - writes));
  }

  void catchUp(RolloutProcess process) {
    process.seePolicies(policyApi.policies().values(), List.copyOf(revisionApi.stored().values()));
    process.seeNodes(api.nodes());
    pods.forEach(process::seePods);
  }

  /** All have caught up and nobody has anything to do now. */
  void work() {
    boolean busy = true;
    for (int pass = 0; busy; pass++) {
      assertTrue(pass < 2_000, () -> "there is always something to do" + judge.lately());
      busy = false;
      for (RolloutProcess process : List.copyOf(processes)) {
        catchUp(process);
        busy |= process.work();
      }
    }
  }

  /** Until the rollout of the version in force has ended, or so many seconds have gone by. */
  void untilItEnds(int atMost) {
    for (int i = 0; i < atMost && !hasEnded(); i++) {
      seconds(1);
    }
  }

  boolean hasEnded() {
    PolicyObject policy = policyApi.policies().get(POLICY);
    return RolloutJson.in(policy.status())
        .filter(s -> !s.phase().isUnderWay())
        .filter(s -> s.revisions().target().equals(revision(policy)))
        .isPresent();
  }

  static String revision(PolicyObject policy) {
    return PolicyFixture.revision(POLICY, 1, policy.spec().toString()).revision();
  }

  void seconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      work();
      agents.accept(this);
      time.advance(Duration.ofSeconds(1));
    }
  }
}
