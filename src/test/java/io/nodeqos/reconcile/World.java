// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import io.nodeqos.node.value.Taint;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.WriteRules;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A small cluster in which everything happens at random: nodes, pods, people, faults, leaders. */
public final class World {
  private static final List<String> NAMES = List.of("n1", "n2", "n3", "n4");
  private static final String GATES =
      "'reservedPods': [{'namespace': 'kube-system'}], 'nodeReady': {}";
  private static final List<String> MAIN_SPECS =
      List.of(
          "{'warmUp': {'taintNewNodes': true, 'stableFor': '20s', " + GATES + "}}",
          "{'reservation': {'cpu': '500m', 'countReservedPods': true}, 'warmUp': {" + GATES + "}}",
          "{'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]},"
              + "'warmUp': {'taintNewNodes': true, "
              + "'csiDrivers': [{'name': 'x', 'timeout': '40s', 'onTimeout': 'Release'}]}}",
          "{'warmUp': {'conditions': [{'type': 'a.b/C', 'timeout': '1m'}],"
              + "'reservedPods': [{'namespace': 'kube-system', 'timeout': '5m',"
              + "'onTimeout': 'Release'}]}}",
          "{'warmUp': {'mode': 'Continuous', 'stableFor': '5s', 'taintNewNodes': true, "
              + GATES
              + "}}",
          "{'suspend': true, 'warmUp': {" + GATES + "}}",
          "{'priority': 'high', 'warmUp': {" + GATES + "}}",
          "{'reservation': {'cpu': 'much'}}");
  private static final List<String> OTHER_SPECS =
      List.of(
          "{'priority': -1, 'images': [{'ref': 'a'}]}",
          "{'priority': -1, 'images': [{'ref': 'b'}], 'reservation': {'memory': '10%'}}",
          "{'priority': 5, 'nodeSelector': {'matchLabels': {'pool': 'x'}},"
              + "'reservation': {'memory': '1Gi', 'countReservedPods': true}}",
          "{'priority': -1, 'nodeSelector': 3}");

  final FakeTime time = new FakeTime();
  final FakeNodeWriter api = new FakeNodeWriter();
  final FakePolicyWriter policyApi = new FakePolicyWriter();
  private final QueuedProcess[] processes = {newProcess(), newProcess()};
  private final Map<String, ReservedState> pods = new HashMap<>();
  private final Set<String> booting = new HashSet<>();
  private final Random random;
  private int created;

  World(long seed) {
    random = new Random(seed);
    api.onWrite(WriteRules::check);
    policyApi.apply(policy("main", MAIN_SPECS.get(random.nextInt(4))));
    NAMES.forEach(this::join);
    processes[0].lead();
  }

  QueuedProcess leader() {
    return processes[0].leads() ? processes[0] : processes[1];
  }

  QueuedProcess standby() {
    return processes[0].leads() ? processes[1] : processes[0];
  }

  /** Something happens; now and then a second at the same time. */
  void step() {
    String node = NAMES.get(random.nextInt(NAMES.size()));
    QueuedProcess another = processes[random.nextInt(2)];
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> pods(node);
      case 3 -> foreignTaint(node);
      case 4 -> changed(node, n -> labelled(n, "pool", random.nextBoolean() ? "x" : "y"));
      case 5 -> changed(node, n -> condition(n, "Ready", random.nextBoolean()));
      case 6 -> reboot(node);
      case 7 -> changed(node, World::withStartupTaint);
      case 8 -> changed(node, random.nextInt(3) == 0 ? World::withZeros : World::withCapacity);
      case 9 -> replaced(node);
      case 10 -> policies();
      case 11 -> fault();
      case 12 -> changed(node, n -> Plans.unlabelled(n, Keys.CONFIG_VERSION));
      case 13 -> failOver();
      case 14 -> time.advance(Duration.ofMillis(random.nextInt(20_000)));
      default -> another.see(node, Optional.ofNullable(api.node(node)));
    }
    if (random.nextInt(2) == 0) {
      reportPods();
    }
    if (random.nextInt(3) == 0) {
      catchUp(another);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      processes[random.nextInt(2)].work();
    }
  }

  /** Faults end, the caches see everything, and time goes by until nothing has anything to do. */
  void settle(Duration forHowLong) {
    api.forgetAnswers();
    reportPods();
    Duration tick = Duration.ofSeconds(10);
    for (Duration left = forHowLong; !left.isNegative(); left = left.minus(tick)) {
      boolean busy = true;
      for (int pass = 0; busy; pass++) {
        assertTrue(pass < 1000, "a hot loop: there is always something to do, and no time passes");
        busy = false;
        for (QueuedProcess process : processes) {
          catchUp(process);
          busy |= process.work();
        }
      }
      time.advance(tick);
    }
  }

  /** Its pods are as they were until the kubelet has looked at them. */
  private void reboot(String node) {
    changed(node, n -> Plans.rebooted(n, "boot-" + random.nextInt(1000), time.instant()));
    booting.add(node);
  }

  private void reportPods() {
    booting.forEach(this::pods);
    booting.clear();
  }

  private void catchUp(QueuedProcess process) {
    NAMES.forEach(n -> process.see(n, Optional.ofNullable(api.node(n))));
    NAMES.forEach(n -> process.seePods(n, pods.get(n)));
    process.seePolicies(List.copyOf(policyApi.policies().values()));
  }

  private QueuedProcess newProcess() {
    return new QueuedProcess(api, policyApi, time);
  }

  private void failOver() {
    QueuedProcess next = standby();
    leader().depose();
    if (random.nextBoolean()) {
      // The old leader's process starts again and remembers nothing; its caches fill first.
      processes[next == processes[0] ? 1 : 0] = newProcess();
      catchUp(processes[next == processes[0] ? 1 : 0]);
    }
    next.lead();
  }

  private void join(String name) {
    boolean isNew = random.nextBoolean();
    NodeFixture node =
        (random.nextInt(4) == 0 ? NodeFixture.empty(name) : NodeFixture.node(name))
            .uid(name + "-uid-" + created++)
            .reportedAt(time.instant())
            .created(isNew ? time.instant() : PolicyFixture.CREATED.minus(Duration.ofDays(1)))
            .label("pool", "x")
            .annotation("example.com/note", "n")
            .resource("nvidia.com/gpu", "1");
    if (random.nextBoolean()) {
      node.taint(Keys.STARTUP_TAINT);
    }
    if (random.nextInt(5) == 0) {
      node.label(Keys.WARMED_UP, "true");
    }
    api.put(node.build());
    pods(name);
  }

  private void replaced(String name) {
    api.delete(name);
    if (random.nextBoolean()) {
      processes[random.nextInt(2)].see(name, Optional.empty());
    }
    join(name);
  }

  private void pods(String node) {
    pods.put(
        node,
        ReservedFixture.namespace(
            "kube-system",
            random.nextInt(6) > 0,
            List.of(
                ReservedFixture.reported(
                    ReservedFixture.pod(
                        "cni",
                        random.nextBoolean(),
                        "Running",
                        false,
                        new Resources(random.nextInt(20) * 50L, 0, 0)),
                    time.instant())),
            random.nextInt(4) > 0
                ? List.of()
                : List.of(ReservedFixture.daemonSet("csi", List.of()))));
  }

  private void policies() {
    if (random.nextInt(8) == 0) {
      policyApi.delete("other");
    } else if (random.nextInt(3) == 0) {
      policyApi.apply(policy("other", OTHER_SPECS.get(random.nextInt(OTHER_SPECS.size()))));
    } else {
      policyApi.apply(policy("main", MAIN_SPECS.get(random.nextInt(MAIN_SPECS.size()))));
    }
  }

  private void fault() {
    WriteResult fault =
        switch (random.nextInt(4)) {
          case 0 -> new WriteResult.Conflict();
          case 1 -> new WriteResult.Retry("429", Duration.ofSeconds(random.nextInt(5)));
          case 2 -> new WriteResult.Rejected(422, "no");
          default -> new WriteResult.Fenced("closed");
        };
    for (int i = random.nextInt(3); i > 0; i--) {
      api.thenWork();
    }
    api.thenAnswer(fault);
  }

  private void foreignTaint(String node) {
    Taint foreign =
        new Taint(
            "example.com/t" + random.nextInt(3),
            "v",
            "NoExecute",
            "{\"key\":\"k\",\"future\":" + random.nextInt() + "}");
    changed(
        node,
        n ->
            n.taints().size() > 3
                ? new NodeView(n.meta(), n.labels(), n.annotations(), List.of(), n.status())
                : Plans.tainted(n, foreign));
  }

  private void changed(String node, UnaryOperator<NodeView> change) {
    api.change(node, change);
  }

  private static NodeView withStartupTaint(NodeView node) {
    return WriteRules.isTainted(node)
        ? node
        : Plans.tainted(node, Taint.of(Keys.STARTUP_TAINT, "NoSchedule"));
  }

  private static NodeView withCapacity(NodeView node) {
    return node.hasCapacity()
        ? node
        : new NodeView(
            node.meta(),
            node.labels(),
            node.annotations(),
            node.taints(),
            NodeFixture.node("x").boot(node.status().bootId()).build().status());
  }

  /** A kubelet that cannot read its machine. */
  private static NodeView withZeros(NodeView node) {
    NodeView.Status s = node.status();
    Map<String, Quantity> capacity = new HashMap<>(s.capacity());
    Map<String, Quantity> allocatable = new HashMap<>(s.allocatable());
    for (String resource : List.of("cpu", "memory")) {
      capacity.put(resource, Quantity.of(0));
      allocatable.put(resource, Quantity.of(0));
    }
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            capacity, allocatable, s.conditions(), s.images(), s.bootId(), s.software()));
  }

  public static NodeView labelled(NodeView node, String key, String value) {
    Map<String, String> labels = new HashMap<>(node.labels());
    labels.put(key, value);
    return new NodeView(
        node.meta(), Map.copyOf(labels), node.annotations(), node.taints(), node.status());
  }

  private static NodeView condition(NodeView node, String type, boolean holds) {
    NodeView.Status s = node.status();
    Map<String, NodeCondition> conditions = new HashMap<>(s.conditions());
    conditions.put(
        type, new NodeCondition(type, holds ? "True" : "False", "Kubelet", "", Instant.EPOCH));
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            s.capacity(), s.allocatable(), conditions, s.images(), s.bootId(), s.software()));
  }
}
