// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import static io.nodeqos.cli.rollout.RolloutCase.NOW;
import static io.nodeqos.cli.rollout.RolloutCase.ROLLOUT;
import static io.nodeqos.cli.rollout.RolloutCase.STABLE;
import static io.nodeqos.cli.rollout.RolloutCase.TARGET;
import static io.nodeqos.cli.rollout.RolloutCase.at2;
import static io.nodeqos.cli.rollout.RolloutCase.state;
import static io.nodeqos.cli.rollout.RolloutCase.status;
import static io.nodeqos.cli.rollout.RolloutCase.view;
import static io.nodeqos.fixture.PolicyFixture.revision;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.text.TextFormat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutTextTest {
  private static List<String> text(RolloutView view) {
    return new RolloutText(TextFormat.plain(), NOW).lines(view);
  }

  private static void assertText(RolloutView view, String expected) {
    assertEquals(
        expected.replace("STABLE", STABLE).replace("TARGET", TARGET).stripTrailing(),
        String.join("\n", text(view)));
  }

  @Test
  void progressing() {
    assertText(
        view(
            state(
                RolloutPhase.PROGRESSING,
                "Updating",
                "Step 2 of 3: 4 of 5 nodes carry revision TARGET.".replace("TARGET", TARGET),
                2,
                new Counts(20, 5, 4, 3, 0, 0))),
        """
        policy gpu   Progressing, step 2 of 3, begun 5m ago
        target   TARGET   generation 2   recorded 10m ago
        stable   STABLE   generation 1   recorded 10m ago

        STEP   NODES   UPDATED   HEALTHY    SOAK   STATE
           1       1       1/1                     passed
           2       5       4/5       3/4   0s/1m   updating
           3      20                               not begun

        control group: 16 nodes without the target revision, 0 of them failed in the same time

        Step 2 of 3: 4 of 5 nodes carry revision TARGET.
        """);
  }

  @Test
  void soakingAndAwaitingPromotion() {
    Counts one = new Counts(20, 1, 1, 1, 0, 0);
    List<String> soaking = text(view(state(RolloutPhase.SOAKING, "Soaking", "m", 1, one)));
    assertEquals("   1       1       1/1       1/1   20s/1m   soaking", soaking.get(5));

    RolloutView waiting =
        view(state(RolloutPhase.PAUSED, "AwaitsPromotion", "Step 1 of 3: it waits.", 1, one));
    List<String> lines = text(waiting);
    assertTrue(lines.get(5).endsWith("awaits promotion"), lines.get(5));
    assertEquals(
        List.of("Step 1 of 3: it waits.", "next: nodeqos rollout promote gpu"),
        lines.subList(lines.size() - 2, lines.size()));
    assertEquals(RolloutOutcome.WAITS_FOR_PERSON, waiting.outcome());

    RolloutView promoted =
        view(RolloutCase.asking(waiting.versions().policy(), RolloutRequest.promote(TARGET, 1)));
    assertEquals(RolloutOutcome.UNDER_WAY, promoted.outcome(), "the controller will see it");
    assertEquals(
        "Step 1 of 3: it waits. The promotion is asked for.",
        text(promoted).get(text(promoted).size() - 1));
    RolloutView other =
        view(RolloutCase.asking(waiting.versions().policy(), RolloutRequest.promote(STABLE, 1)));
    assertEquals(RolloutOutcome.WAITS_FOR_PERSON, other.outcome(), "another revision's promotion");
  }

  @Test
  void clusterTroubleGoesOnByItself() {
    RolloutView view =
        view(
            state(
                RolloutPhase.PAUSED,
                "ClusterTrouble",
                "Nodes fail with and without the revision",
                2,
                new Counts(20, 5, 5, 4, 1, 4)));
    assertEquals(RolloutOutcome.UNDER_WAY, view.outcome());
    assertText(
        view,
        """
        policy gpu   Paused, step 2 of 3, begun 5m ago
        target   TARGET   generation 2   recorded 10m ago
        stable   STABLE   generation 1   recorded 10m ago

        STEP   NODES   UPDATED   HEALTHY    SOAK   STATE
           1       1       1/1                     passed
           2       5       5/5       4/5   0s/1m   cluster trouble
           3      20                               not begun

        FAILED NODE   AT                     REASON       MESSAGE
        gpu-3         2026-02-01T00:09:20Z   GateClosed   gate images closed

        control group: 15 nodes without the target revision, 4 of them failed in the same time

        Nodes fail with and without the revision.
        """);
  }

  @Test
  void rolledBack() {
    RolloutState back =
        state(
            RolloutPhase.ROLLED_BACK,
            "RolledBack",
            "Revision TARGET was rolled back.".replace("TARGET", TARGET),
            2,
            new Counts(20, 5, 0, 0, 12, 0));
    RolloutView view = view(back);
    assertEquals(RolloutOutcome.FAILED, view.outcome());
    assertText(
        view,
        """
        policy gpu   RolledBack
        target   TARGET   generation 2   recorded 10m ago
        stable   STABLE   generation 1   recorded 10m ago

        STEP   NODES   UPDATED   HEALTHY   SOAK   STATE
           1       1       1/1                    passed
           2       5       0/5       0/0          rolled back
           3      20                              not begun

        FAILED NODE   AT                     REASON       MESSAGE
        gpu-3         2026-02-01T00:09:20Z   GateClosed   gate images closed
        and 11 more

        Revision TARGET was rolled back.
        next: change the policy, or try the revision again: nodeqos rollout retry gpu
        """);
    RolloutView retried =
        view(RolloutCase.asking(view.versions().policy(), RolloutRequest.retry(TARGET)));
    assertEquals(RolloutOutcome.UNDER_WAY, retried.outcome(), "the controller will see it");
    assertTrue(
        text(retried).contains("Revision " + TARGET + " was rolled back. A retry is asked for."));
  }

  @Test
  void complete() {
    RolloutView view = view(RolloutCase.complete());
    assertEquals(RolloutOutcome.COMPLETE, view.outcome());
    assertText(
        view,
        """
        policy gpu   Complete
        stable   TARGET   generation 2   recorded 10m ago

        STEP   NODES   UPDATED   HEALTHY   SOAK   STATE
           1       1       1/1                    passed
           2       5       5/5                    passed
           3      20     20/20                    passed

        20 nodes carry revision TARGET, after 5m.
        """);
  }

  @Test
  void withoutRolloutThereIsOneSentence() {
    RolloutView recorded = view(at2("").withStatus("11", status(RolloutJson.stable(TARGET, 2), 2)));
    assertText(
        recorded,
        """
        policy gpu
        No spec.rollout: all nodes follow revision TARGET (generation 2) at once.
        """);
    assertEquals(RolloutOutcome.COMPLETE, recorded.outcome());
    RolloutView notYet = view(at2("").withStatus("11", status(RolloutJson.stable(STABLE, 1), 1)));
    assertEquals(
        "No spec.rollout: all nodes follow generation 2 at once; the controller has not recorded it"
            + " yet.",
        text(notYet).get(1));
    assertEquals(RolloutOutcome.UNDER_WAY, notYet.outcome());
  }

  @Test
  void recordOfAnEarlierTargetDoesNotCount() {
    RolloutState old = RolloutState.complete(STABLE, 1);
    RolloutView view = view(at2(ROLLOUT).withStatus("11", status(RolloutJson.json(old), 1)));
    assertEquals(RolloutOutcome.UNDER_WAY, view.outcome());
    assertText(
        view,
        """
        policy gpu
        target   TARGET   generation 2   recorded 10m ago
        stable   STABLE   generation 1   recorded 10m ago

        The controller has not begun with generation 2 yet.
        """);
  }

  @Test
  void newPolicyHasNoStableRevision() {
    RolloutState first =
        new RolloutState(
            RolloutPhase.PROGRESSING,
            new RolloutState.Revisions("", 0, TARGET),
            state(RolloutPhase.PROGRESSING, "", "", 1, Counts.NONE).progress(),
            Counts.NONE,
            List.of(),
            "Updating",
            "Step 1 of 3: nothing yet.",
            "");
    List<String> lines = text(view(first));
    assertEquals("stable   none         the policy is new", lines.get(2));
    assertEquals("   2     25%                               not begun", lines.get(6));
  }

  @Test
  void invalidVersionAndDryRunAreFailures() {
    RolloutView invalid =
        RolloutView.of(
            PolicyVersions.of(
                at2(", 'rollout': {'maxConcurrent': 0}"),
                List.of(revision("gpu", 1, RolloutCase.CPU_1))));
    assertEquals(RolloutOutcome.FAILED, invalid.outcome());
    assertEquals(STABLE, invalid.target());
    assertEquals(
        "Generation 2 is not valid: spec.rollout.maxConcurrent: 0 is not allowed; allowed is a whole"
            + " number from 1 to 100000. Generation 1 stays in force.",
        new RolloutSentence(invalid).last());
    RolloutView dryRun = view(at2(", 'dryRun': true" + ROLLOUT));
    assertEquals(RolloutOutcome.FAILED, dryRun.outcome());
    assertTrue(text(dryRun).contains("Generation 2 is a dry run: no node gets it."));
  }

  @Test
  void pauseOfAPersonEndsWithTheField() {
    RolloutState paused =
        state(RolloutPhase.PAUSED, "PausedBySpec", "spec.rollout.paused is true.", 1, Counts.NONE);
    assertEquals(RolloutOutcome.UNDER_WAY, view(paused).outcome(), "resumed, and not seen by now");
    String field = ROLLOUT.replace("'steps'", "'paused': true, 'steps'");
    RolloutView stillPaused =
        view(at2(field).withStatus("11", status(RolloutJson.json(paused), 2)));
    assertEquals(RolloutOutcome.WAITS_FOR_PERSON, stillPaused.outcome());
    assertTrue(text(stillPaused).contains("next: nodeqos rollout resume gpu"));
    RolloutState awaiting =
        state(RolloutPhase.PAUSED, "AwaitsPromotion", "It waits.", 1, Counts.NONE);
    List<String> both =
        text(view(at2(field).withStatus("11", status(RolloutJson.json(awaiting), 2))));
    assertEquals(
        List.of("It waits. spec.rollout.paused is true.", "next: nodeqos rollout resume gpu"),
        both.subList(both.size() - 2, both.size()));
  }

  @Test
  void zonesShowWhichNodesCarryTheTarget() {
    RolloutView view =
        view(state(RolloutPhase.PROGRESSING, "Updating", "m", 1, new Counts(3, 1, 1, 1, 0, 0)));
    List<NodeView> nodes = new ArrayList<>();
    for (String name : List.of("n1", "n2", "n3")) {
      nodes.add(
          NodeFixture.node(name)
              .label("topology.kubernetes.io/zone", name.equals("n3") ? "b" : "a")
              .annotation(
                  Keys.CONFIG,
                  name.equals("n2") ? "{\"revisions\":{\"gpu\":\"%s\"}}".formatted(TARGET) : "{}")
              .build());
    }
    RolloutView seen = view.with(nodes);
    List<String> lines = text(seen);
    int zones = lines.indexOf("ZONE   NODES   UPDATED");
    assertEquals(
        List.of("a          2       1/2", "b          1       0/1"),
        lines.subList(zones + 1, zones + 3));
    assertEquals(
        "Revision %s is on 1 of 3 nodes (n2); the others carry %s.".formatted(TARGET, STABLE),
        new RolloutSentence(seen).between());
  }

  @Test
  void jsonHasTheSameFacts() {
    JsonObject body =
        RolloutStatusJson.of(
            view(state(RolloutPhase.SOAKING, "Soaking", "m", 2, new Counts(20, 5, 5, 4, 1, 2))),
            NOW);
    assertEquals(
        JsonParser.parseString(
            """
            {"policy": "gpu", "at": "2026-02-01T00:10:00Z", "generation": 2, "hasRollout": true,
             "revision": {"from": "STABLE", "to": "TARGET"}, "outcome": "UnderWay",
             "phase": "Soaking", "reason": "Soaking", "step": 2,
             "steps": [
               {"index": 1, "nodes": 1, "soakSeconds": 60, "state": "Passed"},
               {"index": 2, "nodes": 5, "updated": 5, "healthy": 4,
                "failed": [{"node": "gpu-3", "at": "2026-02-01T00:09:20Z",
                            "reason": "GateClosed", "message": "gate images closed"}],
                "soakedSeconds": 20, "soakSeconds": 60, "state": "Soaking"},
               {"index": 3, "nodes": 20, "soakSeconds": 60, "state": "NotBegun"}],
             "controlGroup": {"nodes": 15, "failed": 2}, "message": "m."}"""
                .replace("STABLE", STABLE)
                .replace("TARGET", TARGET)),
        JsonParser.parseString(body.toString()));
  }

  @Test
  void progressIsOneLine() {
    RolloutView view =
        view(state(RolloutPhase.SOAKING, "Soaking", "It soaks.", 2, new Counts(20, 5, 5, 5, 0, 0)));
    assertEquals(
        "2026-02-01T00:10:00Z  Soaking, 5/5 updated, 5 healthy, 0 failed: It soaks.",
        new RolloutText(TextFormat.plain(), NOW).progress(view));
    assertEquals(
        "2026-02-01T00:09:20Z  node gpu-3 failed (GateClosed): gate images closed",
        RolloutText.failure(RolloutCase.FAILURE));
  }
}
