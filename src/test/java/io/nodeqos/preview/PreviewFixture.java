// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.preview.ClusterSnapshot.Spinners;
import io.nodeqos.preview.change.Written;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyEdits;
import io.nodeqos.preview.edit.PolicyParser;
import io.nodeqos.preview.plan.PolicyPlan;
import io.nodeqos.preview.plan.PolicyPlanner;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster on which edits of policies are planned: nodes as a controller has left them. */
public final class PreviewFixture {
  private final FakeTime time = new FakeTime();
  private final List<NodeView> nodes = new ArrayList<>();
  private final List<PodView> pods = new ArrayList<>();
  private final List<DaemonSetView> daemonSets = new ArrayList<>();
  private final List<PolicyObject> policies = new ArrayList<>();
  private final List<PolicyRevision> revisions = new ArrayList<>();
  private final Map<Map.Entry<String, String>, String> moves = new HashMap<>();
  private final Map<String, Set<String>> csiDrivers = new HashMap<>();
  private Optional<List<ExtendedRequest>> requests = Optional.of(List.of());

  /** Adds a policy that was there before, in JSON with single quotes. */
  public PreviewFixture policy(String name, String spec) {
    policies.add(PolicyFixture.policy(name, spec));
    return this;
  }

  public PreviewFixture policy(PolicyObject policy) {
    policies.add(policy);
    return this;
  }

  /** Adds a version of a policy that a controller has stored. */
  public PreviewFixture revision(PolicyRevision revision) {
    revisions.add(revision);
    return this;
  }

  /** The leader has given a node another revision of a policy. */
  public PreviewFixture moved(String policy, String node, String revision) {
    moves.put(Map.entry(policy, node), revision);
    return this;
  }

  /** Replaces a policy by another version of it, which the nodes do not follow yet. */
  public PreviewFixture policyNow(String name, String spec) {
    policies.removeIf(policy -> policy.name().equals(name));
    return policy(name, spec);
  }

  /** Adds a node as it comes. */
  public PreviewFixture node(NodeFixture node) {
    nodes.add(node.build());
    return this;
  }

  /** Adds a warm node. */
  public PreviewFixture warm(NodeFixture node) {
    String incarnation = node.build().incarnation();
    return node(node.label(Keys.WARMED_UP, "true").annotation(Keys.WARMED_UP_FOR, incarnation));
  }

  public PreviewFixture pod(PodView pod) {
    pods.add(pod);
    return this;
  }

  public PreviewFixture daemonSet(DaemonSetView daemonSet) {
    daemonSets.add(daemonSet);
    return this;
  }

  public PreviewFixture csiDriver(String node, String driver) {
    csiDrivers.put(node, Set.of(driver));
    return this;
  }

  /** A running pod that requests an extended resource. */
  public PreviewFixture request(String pod, String node, String resource, long amount) {
    List<ExtendedRequest> all = new ArrayList<>(requests.orElse(List.of()));
    all.add(new ExtendedRequest("tenant-a", pod, node, Map.of(resource, Quantity.of(amount))));
    requests = Optional.of(all);
    return this;
  }

  public PreviewFixture requestsNotRead() {
    requests = Optional.empty();
    return this;
  }

  /**
   * Writes the plans of the present policies to the nodes, again and again, as a controller does
   * until nothing differs.
   */
  public PreviewFixture converged() {
    for (int i = 0; i < 4; i++) {
      PolicyCatalog catalog = FleetPlanner.catalog(snapshot().policies());
      moves.forEach((of, to) -> catalog.moves().move(of.getKey(), of.getValue(), to));
      List<NodePreview> plans = planner(catalog).decideAll();
      nodes.clear();
      plans.forEach(p -> nodes.add(Written.of(p)));
      time.advance(Duration.ofMinutes(20));
    }
    return this;
  }

  public ClusterSnapshot snapshot() {
    return new ClusterSnapshot(
        time.instant(),
        new Controller("nodeqos-system", Optional.empty()),
        nodes,
        csiDrivers,
        Map.of("kube-system", new ReservedNamespace(true, pods, daemonSets)),
        new Policies(policies, revisions),
        Spinners.NONE,
        requests);
  }

  /** Plans the policy in this version. */
  public PolicyPlan plan(String name, String spec) {
    return plan(edits(document(name, spec), List.of()));
  }

  public PolicyPlan planDeletion(String name) {
    return plan(edits("", List.of(name)));
  }

  public PolicyPlan plan(PolicyEdits edits) {
    return plan(edits, FleetPass.ONE_BY_ONE);
  }

  public PolicyPlan plan(PolicyEdits edits, FleetPass pass) {
    return new PolicyPlanner(
            this::planner,
            new SpinnerSpecs(SpinnerSettings.DEFAULTS, "nodeqos-system"),
            ReconcileSettings.DEFAULTS,
            500,
            pass)
        .plan(snapshot().policies(), edits, requests);
  }

  private FleetPlanner planner(PolicyCatalog catalog) {
    return FleetPlanner.of(
        SnapshotCluster.of(snapshot()),
        catalog,
        ReconcileSettings.DEFAULTS,
        SpinnerSettings.DEFAULTS,
        time.source());
  }

  /** The document of a file. */
  public static String document(String name, String spec) {
    return "{apiVersion: nodeqos.io/v1alpha1, kind: NodeQoSPolicy, metadata: {name: "
        + name
        + "}, spec: "
        + spec
        + "}";
  }

  public PolicyEdits edits(String yaml, List<String> deletions) {
    try {
      PolicyParser parser = new PolicyParser();
      if (!yaml.isEmpty()) {
        parser.parse("new.yaml", yaml);
      }
      return PolicyEdits.of(
          parser.documents(), deletions, snapshot().policies().objects(), time.instant());
    } catch (InvalidEditsException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
