// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.e2e.commands.RandomFleet.Edit;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.RealClients;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.kube.write.PlannedPatches;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.FleetPass;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.preview.change.Change;
import io.nodeqos.preview.change.ChangeGroup;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.preview.edit.PolicyEdits;
import io.nodeqos.preview.plan.PolicyPlanner;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import io.nodeqos.reconcile.BrakeSettings;
import io.nodeqos.reconcile.DampingSettings;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Holds plans to the truth: for random changes of random policies, the patches that the planner
 * foresees are those that the controller then sends to a real server, each byte but versions, times
 * and the annotations about the write itself. {@code -Dplan.seed=N} repeats a run, {@code
 * -Dplan.rounds=N} makes it longer.
 */
@RealApi
class PlanIT {
  private static final int ROUNDS = Integer.getInteger("plan.rounds", 3);

  /** So many in a row with nothing to write are a fault, and no chance. */
  private static final int MAX_ROUNDS = ROUNDS + 10;

  /** So that no decision depends on how much time has passed, or waits for a person. */
  private static final Map<String, String> AT_ONCE =
      Map.of(
          "NODEQOS_BRAKE_MAXWARMNODESLOST", "100%",
          "NODEQOS_DAMPING_RESERVATIONRAISE", "0s",
          "NODEQOS_DAMPING_RESERVATIONLOWER", "0s",
          "NODEQOS_DAMPING_CONDITIONWORDING", "0s");

  private static final ReconcileSettings SETTINGS = atOnce(ReconcileSettings.DEFAULTS);

  private final long seed = Long.getLong("plan.seed", System.nanoTime());
  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final RandomFleet fleet;

  PlanIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("plan-" + UUID.randomUUID());
    this.fleet =
        new RandomFleet(plane, "plan-" + UUID.randomUUID().toString().substring(0, 8), seed);
  }

  @AfterEach
  void removeAll() {
    installation.remove(replica);
    fleet.remove();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void plannedPatchesAreThoseThatTheControllerSends() throws Exception {
    fleet.create();
    int patches = 0;
    for (int round = 0; round < ROUNDS || (patches == 0 && round < MAX_ROUNDS); round++) {
      fleet.progress();
      List<Edit> edits = fleet.edits();
      ClusterSnapshot now = snapshot();
      Map<String, List<String>> pending = planned(now, new PolicyEdits(List.of()));
      Map<String, List<String>> planned = planned(now, edits(now, edits));
      Set<String> changing = changing(now, edits(now, edits));
      edits.forEach(fleet::apply);

      AuditLog audit = AuditLog.from(plane);
      installation.removeLease();
      try (ControllerRun controller =
          ControllerRun.start(plane, replica, plane.server(), AT_ONCE)) {
        Poll.until(
            "leader, seed " + seed, () -> installation.isLeading(replica), leading -> leading);
        Poll.until(
            "policies that the controller has reconciled, seed " + seed + ", " + edits,
            fleet::notReconciled,
            String::isEmpty);
        Poll.until(
            "fleet that is as its policies want it",
            () -> planned(snapshotOrFail(), new PolicyEdits(List.of())),
            Map::isEmpty);
        assertEquals(0, controller.terminate(), controller::log);
      }

      Map<String, List<String>> sent = sent(audit);
      assertEquals(text(planned), text(sent), "seed " + seed + ", " + edits);
      assertTrue(
          sent.keySet().containsAll(changing),
          "seed " + seed + ": all of " + changing + " in a group of the plan are written");
      sent.keySet().removeAll(changing);
      assertTrue(
          pending.keySet().containsAll(sent.keySet()),
          "seed " + seed + ": " + sent + " are in no group, and were to be written anyway");
      patches += planned.values().stream().mapToInt(List::size).sum();
    }
    assertTrue(patches > 0, "seed " + seed + ": nothing was ever to be written");
  }

  private static ReconcileSettings atOnce(ReconcileSettings d) {
    return new ReconcileSettings(
        d.resyncPeriod(),
        d.policyStatusInterval(),
        new DampingSettings(Duration.ZERO, Duration.ZERO, Duration.ZERO),
        new BrakeSettings(100, d.brake().window(), d.brake().settle()),
        d.orphanTaintGrace(),
        d.startupTaints(),
        d.startupTaintPrefixes(),
        d.publishReservation(),
        d.traceparentKey());
  }

  private ClusterSnapshot snapshot() throws IOException, ClientConfigException {
    return SnapshotReader.of(RealClients.watch(plane), Pauses.system(), ListReader.Progress.NONE)
        .read(
            new Wanted(
                new Controller(Installation.NAMESPACE, Optional.empty()),
                KubeSettings.defaults(),
                false))
        .value();
  }

  private ClusterSnapshot snapshotOrFail() {
    try {
      return snapshot();
    } catch (IOException | ClientConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the command makes it of files. */
  private PolicyEdits edits(ClusterSnapshot now, List<Edit> edits) throws InvalidEditsException {
    return PolicyEdits.of(
        edits.stream()
            .filter(edit -> edit.kind() != Edit.Kind.DELETE)
            .map(edit -> new PolicyDocument("a file", edit.manifest()))
            .toList(),
        edits.stream().filter(edit -> edit.kind() == Edit.Kind.DELETE).map(Edit::policy).toList(),
        now.policies().objects(),
        now.takenAt());
  }

  /** The nodes of the fleet in the groups of a plan, but not those that only pull images. */
  private Set<String> changing(ClusterSnapshot snapshot, PolicyEdits edits) {
    Set<String> nodes = new TreeSet<>();
    for (ChangeGroup group :
        new PolicyPlanner(
                policies -> planner(snapshot, policies),
                new SpinnerSpecs(SpinnerSettings.DEFAULTS, Installation.NAMESPACE),
                SETTINGS,
                KubeSettings.defaults().writeRate().perSecond(),
                FleetPass.ALL_PROCESSORS)
            .plan(snapshot.policies(), edits, Optional.empty())
            .groups()) {
      if (group.changes().stream().anyMatch(change -> change.on() != Change.On.IMAGE)) {
        nodes.addAll(group.nodes());
      }
    }
    nodes.removeIf(node -> !fleet.has(node));
    return nodes;
  }

  private static FleetPlanner planner(ClusterSnapshot snapshot, PolicyCatalog policies) {
    return FleetPlanner.of(
        SnapshotCluster.of(snapshot),
        policies,
        SETTINGS,
        SpinnerSettings.DEFAULTS,
        TimeSource.of(snapshot::takenAt, () -> 0));
  }

  /** The patches of each node of the fleet that would be written. */
  private Map<String, List<String>> planned(ClusterSnapshot snapshot, PolicyEdits edits) {
    Map<String, List<String>> planned = new TreeMap<>();
    PolicyCatalog policies = FleetPlanner.catalog(snapshot.policies());
    edits.applyTo(policies);
    for (NodePreview node : planner(snapshot, policies).decideAll()) {
      if (fleet.has(node.node())) {
        for (PlannedPatches.Patch patch : PlannedPatches.of(node.plan(), snapshot.takenAt())) {
          JsonObject body = JsonParser.parseString(patch.body()).getAsJsonObject();
          add(planned, node.node(), patch.resource(), body);
        }
      }
    }
    return planned;
  }

  private Map<String, List<String>> sent(AuditLog audit) {
    Map<String, List<String>> sent = new TreeMap<>();
    for (AuditLog.Entry entry : audit.entries()) {
      if (entry.writesNode() && fleet.has(entry.name())) {
        assertEquals(200, entry.code(), entry::toString);
        add(sent, entry.name(), entry.resource(), entry.body());
      }
    }
    return sent;
  }

  private static void add(
      Map<String, List<String>> to, String node, String resource, JsonObject body) {
    to.computeIfAbsent(node, n -> new ArrayList<>()).add(resource + " " + comparable(body));
  }

  /** Without the parts of a patch that no plan can know: they are about the write itself. */
  private static String comparable(JsonObject body) {
    JsonObject copy = body.deepCopy();
    JsonObject metadata = copy.getAsJsonObject("metadata");
    metadata.remove("resourceVersion");
    if (metadata.get("annotations") instanceof JsonObject annotations) {
      for (String key : List.of("leader-epoch", "traceparent")) {
        annotations.remove("nodeqos.io/" + key);
      }
      if (annotations.isEmpty()) {
        metadata.remove("annotations");
      }
    }
    return copy.toString().replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME");
  }

  private static String text(Map<String, List<String>> patches) {
    StringBuilder text = new StringBuilder();
    patches.forEach(
        (node, all) -> all.forEach(one -> text.append(node).append(' ').append(one).append('\n')));
    return text.toString();
  }
}
