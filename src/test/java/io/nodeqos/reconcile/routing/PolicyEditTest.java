// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.fleet.PolicyReach;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often an edit of a policy queues each node. */
class PolicyEditTest {
  private static final String OLD = "example.com/a:1";
  private static final String NEW = "example.com/a:2";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess process = TestProcess.leader(api, time);
  private final KeyedQueue nodes = queue();
  private final KeyedQueue policies = queue();
  private final KeyedQueue fanOuts = queue();
  private final KeyedQueue spinners = queue();
  private final FanOut fanOut =
      new FanOut(
          process.cluster,
          process.fleet,
          nodes,
          new PolicyNodes(
              new PolicyReach(process.cluster, process.policies, process.fleet),
              new MissingImages(process.cluster, process.policies, process.fleet, time.source())),
          () -> Duration.ofMinutes(10),
          () -> 0.5);
  private final ClusterListener listeners =
      new ClusterListeners(
          List.of(
              new NodeRouter(nodes, fanOuts, process.fleet, Tracing.off()),
              new PolicyRouter(
                  policies,
                  fanOuts,
                  process.policies,
                  new PolicyWrites(),
                  WorkerRegistry.of(List.of(), WorkerObserver.NONE),
                  Tracing.off()),
              new SpinnerRouter(spinners, fanOuts)));

  private KeyedQueue queue() {
    return new KeyedQueue(
        failures -> Duration.ZERO, time.source(), process.metrics.workQueue("any"));
  }

  @BeforeEach
  void threeNodesAreWarm() {
    api.put(node("has-both").image(OLD).image(NEW).build());
    api.put(node("has-old").image(OLD).build());
    api.put(node("of-another-policy").label("pool", "other").build());
    process.catchUp();
    listeners.policyChanged(policy("other", other("100m")));
    listeners.policyChanged(policy("p", images(OLD)));
    work();
    spinnerApplied();
    work();
  }

  @Test
  void editWithUnchangedImagesQueuesEachNodeOfThePolicyOnce() {
    listeners.policyChanged(edited("other", other("200m")));
    assertEquals(Map.of("of-another-policy", 1), work());
    assertEquals(Map.of(), work());
  }

  @Test
  void editOfTheImagesQueuesOnlyNodesThatCanPullAgain() {
    listeners.policyChanged(edited("p", images(NEW)));
    assertEquals(Map.of("has-both", 1, "has-old", 1, "of-another-policy", 1), work());
    spinnerApplied();
    assertEquals(Map.of("has-old", 1), work());
  }

  @Test
  void triggerOfTheSecondPassIsTheDaemonSet() {
    listeners.policyChanged(edited("p", images(NEW)));
    work();
    spinnerApplied();
    expand();
    assertEquals(new Trigger(TriggerKind.DAEMON_SET, ""), nodes.poll().orElseThrow().trigger());
  }

  @Test
  void undecidedNodeIsQueued() {
    api.put(node("new").image(OLD).build());
    process.catchUp();
    spinnerApplied();
    assertEquals(Map.of("new", 1), work());
  }

  private static String images(String ref) {
    return "{'images': [{'ref': '" + ref + "'}]}";
  }

  private static String other(String cpu) {
    return "{'priority': 1, 'nodeSelector': {'matchLabels': {'pool': 'other'}}, 'images': [],"
        + " 'reservation': {'cpu': '"
        + cpu
        + "'}}";
  }

  private static PolicyObject edited(String name, String spec) {
    return policy(name, 2, PolicyFixture.CREATED, spec);
  }

  /** The DaemonSet of p mounts the images that are in force. */
  private void spinnerApplied() {
    String version =
        process.policies.snapshot().inForce().stream()
            .filter(p -> p.name().equals("p"))
            .findFirst()
            .orElseThrow()
            .spec()
            .sections()
            .images()
            .orElseThrow()
            .pullVersion();
    process.spinners.show(
        new SpinnerDaemonSet("nodeqos-spinner-p", "uid", "p", version, version, true, false));
    listeners.spinnerChanged("p");
  }

  /** Decides all nodes that are queued. Returns how many keys were handed out for each. */
  private Map<String, Integer> work() {
    Map<String, Integer> queued = new TreeMap<>();
    while (expand()) {
      Optional<WorkItem> item;
      while ((item = nodes.poll()).isPresent()) {
        queued.merge(item.get().key(), 1, Integer::sum);
        process.reconcileFresh(item.get().key());
        nodes.done(item.get().key());
      }
    }
    return queued;
  }

  private boolean expand() {
    Optional<WorkItem> cause = fanOuts.poll();
    cause.ifPresent(
        item -> {
          fanOut.handle(item);
          fanOuts.done(item.key());
        });
    return cause.isPresent();
  }
}
