// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.nodeqos.fixture.Kstatus;
import io.nodeqos.fixture.Kstatus.Result;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.brake.BrakeCounts;
import io.nodeqos.reconcile.fleet.NodeCount;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.reconcile.fleet.PullFailure;
import io.nodeqos.reconcile.images.ImageProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The status of a policy, read by the rules of kstatus. */
class ReadinessTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final NodeCount DONE = node(true, false, Optional.empty());
  private static final NodeCount PENDING = node(false, false, Optional.empty());

  /** Up to date with an earlier revision. */
  private static final NodeCount EARLIER =
      new NodeCount(true, true, false, "earlier", List.of(), Optional.empty());

  private static final NodeCount WAITING = node(true, true, Optional.empty());

  /** The revision of a policy without sections. */
  private static final String REVISION =
      valid("{}").entry("p").orElseThrow().inForce().orElseThrow().revision();

  /** One situation of a policy and its result. */
  private record Case(String name, PolicyCatalog catalog, PolicyStatus.Facts facts, Expected then) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Expected(Result result, String reason) {}

  static Stream<Case> cases() {
    PolicyStatus.Facts done = facts(counts(DONE, DONE));
    return Stream.of(
        new Case("settled", valid("{}"), done, current()),
        new Case("no node is selected", valid("{}"), facts(counts()), current()),
        new Case("a node waits", valid("{}"), facts(counts(DONE, WAITING)), busy("NodesPending")),
        new Case("a node differs", valid("{}"), facts(counts(DONE, PENDING)), busy("NodesPending")),
        new Case("never valid", never(), facts(counts()), failed("Invalid")),
        new Case("last valid version in force", invalid(), done, failed("Invalid")),
        new Case(
            "last valid version under way",
            invalid(),
            facts(counts(DONE, WAITING)),
            failed("Invalid")),
        new Case("brake holds", valid("{}"), braked(done, false), failed("Braked")),
        new Case("brake holds no node", valid("{}"), braked(done, false, 0), current()),
        new Case("brake confirmed, loss to come", valid("{}"), braked(done, true), current()),
        new Case(
            "deadlock",
            valid("{}"),
            facts(
                counts(
                    DONE,
                    new NodeCount(
                        true, false, true, "v", List.of("kube-system/cni"), Optional.empty()))),
            failed("GateDeadlock")),
        new Case(
            "suspended, all nodes done",
            valid("{'suspend': true}"),
            facts(counts(frozen(true, "p"), frozen(true, "p"))),
            busy("Suspended")),
        new Case(
            "suspended, a node differs",
            valid("{'suspend': true}"),
            facts(counts(frozen(true, "p"), frozen(false, "p"))),
            busy("Suspended")),
        new Case("suspended without nodes", valid("{'suspend': true}"), done, busy("Suspended")),
        new Case(
            "frozen by another policy",
            valid("{}"),
            facts(counts(DONE, frozen(true, "base"))),
            busy("Frozen")),
        new Case("image not pulled", valid("{}"), notPulled(), busy("ImagePullFailed")),
        new Case(
            "DaemonSet for the images refused",
            valid("{}"),
            new PolicyStatus.Facts(
                counts(DONE),
                PolicyCleanup.NONE,
                Optional.of(new ImageProblems.Problem("Refused", "No.")),
                Optional.empty(),
                Optional.empty()),
            busy("Refused")),
        new Case(
            "nodes that it left are cleaned",
            valid("{}"),
            new PolicyStatus.Facts(
                counts(DONE), cleaning(), Optional.empty(), Optional.empty(), Optional.empty()),
            busy("Cleaning")),
        new Case(
            "dry run with a result",
            valid("{'dryRun': true}"),
            dryRun(),
            new Expected(Result.CURRENT, "DryRun")),
        new Case(
            "an edit that the leader has not begun to let out",
            rollout("RolledBack", "0123456789", ""),
            facts(counts(DONE, EARLIER)),
            busy("NodesPending")),
        new Case(
            "rollout under way",
            rollout("Progressing"),
            facts(counts(DONE, EARLIER)),
            busy("RolloutProgressing")),
        new Case(
            "rollout under way, no node left",
            rollout("Soaking"),
            done,
            busy("RolloutProgressing")),
        new Case(
            "rollout on its way back",
            rollout("RollingBack"),
            facts(counts(DONE, EARLIER)),
            busy("RolloutProgressing")),
        new Case(
            "rollout paused",
            rollout("Paused"),
            facts(counts(DONE, EARLIER)),
            busy("RolloutPaused")),
        new Case(
            "rolled back",
            rollout("RolledBack"),
            facts(counts(EARLIER, EARLIER)),
            failed("RolledBack")),
        new Case(
            "rolled back while nodes that it left are cleaned",
            rollout("RolledBack"),
            new PolicyStatus.Facts(
                counts(EARLIER), cleaning(), Optional.empty(), Optional.empty(), Optional.empty()),
            failed("RolledBack")),
        new Case(
            "rolled back, and suspended",
            rollout("RolledBack", REVISION, ", 'suspend': true"),
            facts(counts(frozen(true, "p"))),
            busy("Suspended")),
        new Case(
            "brake holds in a rollout",
            rollout("Progressing"),
            braked(facts(counts(DONE, EARLIER)), false),
            failed("Braked")),
        new Case("rollout complete", rollout("Complete"), done, current()),
        new Case(
            "rollout complete, a node waits",
            rollout("Complete"),
            facts(counts(DONE, WAITING)),
            busy("NodesPending")),
        new Case("being deleted", deleting(), done, new Expected(Result.TERMINATING, "Cleaning")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void onlyAValidPolicyWithAllNodesDoneIsCurrent(Case given) {
    PolicyCatalog.Entry entry = given.catalog().entry("p").get();
    JsonObject status = PolicyStatus.of(entry, given.facts(), new JsonObject(), NOW);

    assertEquals(given.then().result(), Kstatus.of(resource(entry.latest(), status)), "" + status);
    Conditions conditions = Conditions.in(status);
    assertTrue(conditions.hasReason("Ready", given.then().reason()), "" + status);
    assertEquals(
        given.then().result() == Result.CURRENT,
        conditions.isTrue("Ready"),
        "kubectl wait --for=condition=Ready agrees");
  }

  @Test
  void progressingSaysTheMessageOfTheRollout() {
    for (String phase : List.of("Progressing", "Soaking", "Paused", "RollingBack", "RolledBack")) {
      JsonObject status =
          PolicyStatus.of(
              rollout(phase).entry("p").get(), facts(counts(DONE, EARLIER)), new JsonObject(), NOW);
      Conditions conditions = Conditions.in(status);
      assertEquals("One of 2 nodes.", conditions.message("Progressing"), phase);
      boolean moves = !phase.equals("Paused") && !phase.equals("RolledBack");
      assertEquals(moves, conditions.isTrue("Progressing"), phase);
      assertTrue(conditions.isFalse("Available"), phase);
      assertEquals(
          "{\"matched\":2,\"configured\":1,\"warm\":2,\"waiting\":0,\"frozen\":0}",
          "" + status.get("nodes"));
      assertEquals(2, status.getAsJsonArray("configVersions").size(), "both are on nodes");
    }
  }

  @Test
  void policyWithoutAStatusWriteIsInProgressByTheDefaultOfTheDefinition() throws IOException {
    JsonObject fresh = resource(policy("p", "{}"), defaultStatus());

    assertEquals(Result.IN_PROGRESS, Kstatus.of(fresh));
    fresh.getAsJsonObject("status").remove("observedGeneration");
    assertEquals(Result.IN_PROGRESS, Kstatus.of(fresh), "by its conditions, too");
  }

  @Test
  void defaultTimeIsNoTransition() throws IOException {
    JsonObject status =
        PolicyStatus.of(valid("{}").entry("p").get(), facts(counts(WAITING)), defaultStatus(), NOW);

    for (var each : status.getAsJsonArray("conditions")) {
      JsonObject condition = each.getAsJsonObject();
      assertEquals(
          "2026-03-01T00:00:00Z",
          condition.get("lastTransitionTime").getAsString(),
          condition.toString());
    }
  }

  @Test
  void statusOfAnOlderGenerationIsInProgress() {
    PolicyCatalog.Entry entry = valid("{}").entry("p").get();
    JsonObject status = PolicyStatus.of(entry, facts(counts(DONE)), new JsonObject(), NOW);

    PolicyObject edited = policy("p", 2, PolicyFixture.CREATED, "{'priority': 1}");
    assertEquals(Result.IN_PROGRESS, Kstatus.of(resource(edited, status)));
  }

  @Test
  void noMixOfFactsIsCurrentWithANodeThatIsNotDone() {
    Random random = new Random(4);
    for (int round = 0; round < 2_000; round++) {
      List<NodeCount> nodes = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        nodes.add(
            node(
                random.nextInt(4) > 0,
                random.nextInt(4) == 0,
                random.nextInt(8) == 0
                    ? Optional.of(new Freeze(Freeze.Cause.SUSPENDED, "base", true))
                    : Optional.empty()));
      }
      PolicyStatus.Facts facts = facts(counts(nodes.toArray(NodeCount[]::new)));
      boolean braked = random.nextInt(4) == 0;
      PolicyCatalog catalog = random.nextInt(3) == 0 ? invalid() : valid("{}");
      PolicyCatalog.Entry entry = catalog.entry("p").get();
      JsonObject status =
          PolicyStatus.of(entry, braked ? braked(facts, false) : facts, new JsonObject(), NOW);

      boolean asItShouldBe =
          entry.problems().isEmpty()
              && !braked
              && nodes.stream()
                  .allMatch(n -> n.configured() && !n.waiting() && n.freeze().isEmpty());
      assertEquals(
          asItShouldBe,
          Kstatus.of(resource(entry.latest(), status)) == Result.CURRENT,
          "round " + round + " " + status);
      Conditions conditions = Conditions.in(status);
      long signs = Stream.of("Ready", "Reconciling", "Stalled").filter(conditions::isTrue).count();
      assertTrue(signs <= 1, "they exclude one another: " + status);
    }
  }

  private static JsonObject resource(PolicyObject policy, JsonObject status) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("generation", policy.meta().generation());
    if (policy.meta().deleting()) {
      metadata.addProperty("deletionTimestamp", NOW.toString());
    }
    JsonObject resource = new JsonObject();
    resource.add("metadata", metadata);
    resource.add("status", status);
    return resource;
  }

  private static JsonObject defaultStatus() throws IOException {
    Object yaml = new Yaml().load(Files.readString(Path.of("manifests/crd.yaml")));
    JsonObject crd = new Gson().toJsonTree(yaml).getAsJsonObject();
    return crd.getAsJsonObject("spec")
        .getAsJsonArray("versions")
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("schema")
        .getAsJsonObject("openAPIV3Schema")
        .getAsJsonObject("properties")
        .getAsJsonObject("status")
        .getAsJsonObject("default");
  }

  private static Expected current() {
    return new Expected(Result.CURRENT, "AllNodes");
  }

  private static Expected busy(String reason) {
    return new Expected(Result.IN_PROGRESS, reason);
  }

  private static Expected failed(String reason) {
    return new Expected(Result.FAILED, reason);
  }

  private static PolicyCatalog valid(String spec) {
    return PolicyFixture.catalog(policy("p", spec));
  }

  private static PolicyCatalog rollout(String phase) {
    return rollout(phase, REVISION, "");
  }

  private static PolicyCatalog rollout(String phase, String target, String more) {
    JsonObject status = json("{'rollout': {'stable': 'aaaaaaaaaa', 'message': 'One of 2 nodes.'}}");
    status.getAsJsonObject("rollout").addProperty("phase", phase);
    status.getAsJsonObject("rollout").addProperty("target", target);
    return PolicyFixture.catalog(
        PolicyFixture.withStatus(policy("p", "{'rollout': {}" + more + "}"), status));
  }

  private static PolicyCatalog never() {
    return valid("{'priority': 'x'}");
  }

  private static PolicyCatalog invalid() {
    PolicyCatalog catalog = valid("{}");
    catalog.apply(policy("p", 2, PolicyFixture.CREATED, "{'priority': 'x'}"));
    return catalog;
  }

  private static PolicyCatalog deleting() {
    return PolicyFixture.catalog(
        PolicyFixture.deleting(policy("p", "{'deletionPolicy': 'Remove'}"), "nodeqos.io/x"));
  }

  private static PolicyCleanup cleaning() {
    return new PolicyCleanup(1, 0, List.of(), PolicyCleanup.Proof.NOT_ASKED);
  }

  private static NodeCount node(boolean configured, boolean waiting, Optional<Freeze> freeze) {
    return new NodeCount(configured, configured && !waiting, waiting, "v", List.of(), freeze);
  }

  private static NodeCount frozen(boolean configured, String by) {
    return node(configured, false, Optional.of(new Freeze(Freeze.Cause.SUSPENDED, by, configured)));
  }

  private static PolicyCounts counts(NodeCount... nodes) {
    PolicyCounts.Sum sum = new PolicyCounts.Sum();
    for (NodeCount node : nodes) {
      sum.add(node, true, !node.equals(EARLIER));
    }
    return sum.counts();
  }

  private static PolicyStatus.Facts notPulled() {
    PolicyCounts.Sum sum = new PolicyCounts.Sum();
    sum.add(DONE, true, true);
    sum.addPullFailure("n", new PullFailure("p", "1", "ns/spinner-x", "ErrImagePull"));
    return facts(sum.counts());
  }

  private static PolicyStatus.Facts facts(PolicyCounts counts) {
    return new PolicyStatus.Facts(
        counts, PolicyCleanup.NONE, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static PolicyStatus.Facts dryRun() {
    return new PolicyStatus.Facts(
        PolicyCounts.NONE,
        PolicyCleanup.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new DryRuns.Evaluation(
                new DryRunResult(3, 2, List.of(), List.of(), List.of()), Duration.ZERO)));
  }

  private static PolicyStatus.Facts braked(PolicyStatus.Facts facts, boolean confirmed) {
    return braked(facts, confirmed, 9);
  }

  private static PolicyStatus.Facts braked(
      PolicyStatus.Facts facts, boolean confirmed, int threatened) {
    return new PolicyStatus.Facts(
        facts.counts(),
        facts.cleaning(),
        facts.images(),
        Optional.of(
            new Brake.Episode(
                "p",
                NOW,
                "0123456789",
                confirmed,
                new BrakeCounts(
                    NOW,
                    threatened,
                    threatened,
                    9 - threatened,
                    10,
                    Optional.empty(),
                    Map.of("n", "why")))),
        Optional.empty());
  }
}
