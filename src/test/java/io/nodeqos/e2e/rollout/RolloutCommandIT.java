// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rollout;

import static io.nodeqos.e2e.rig.DeletionRig.unique;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.e2e.rig.DeletionRig;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.QosWorld;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command rollout on a real server, with the revisions that a controller stores. */
@RealApi
class RolloutCommandIT {
  private final ControlPlane plane;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  RolloutCommandIT(ControlPlane plane) {
    this.plane = plane;
  }

  @Test
  void undoBringsTheFormerSectionsBackToTheNodes() {
    String policy = unique("rollout");
    String pool = unique("pool");
    String node = unique("node");
    try (DeletionRig rig = DeletionRig.start(plane)) {
      rig.policy(policy, spec(pool, 1, "25%"));
      rig.node(node, pool, true);
      rig.nodeUntil("25%", node, n -> advertised(n, "1k"));
      rig.patchPolicy(policy, spec(pool, 7, "50%"));
      rig.nodeUntil("50%", node, n -> advertised(n, "2k"));
      awaitRevisions(policy, 2);

      assertEquals(0, run("history", policy), err::toString);
      List<String> lines = out.toString().lines().toList();
      assertEquals(
          "REVISION   HASH         RECORDED   STATE      RESULT     CHANGES",
          lines.get(0).replaceAll("RECORDED +", "RECORDED   ").replaceAll(" +$", ""));
      assertTrue(lines.get(2).contains("in force"), out::toString);
      assertTrue(
          lines.get(2).endsWith("priority 1 -> 7; quota.classes[batch].advertise.cpu 25% -> 50%"),
          out::toString);

      assertEquals(0, run("undo", policy, "--dry-run"), err::toString);
      assertTrue(out.toString().contains("(server-side dry run: accepted)"), out::toString);
      assertTrue(advertised(rig.node(node), "2k"), "a dry run writes nothing");

      assertEquals(0, run("undo", policy), err::toString);
      assertEquals(
          "policy %s has the sections of revision 1 now, as generation 3".formatted(policy),
          out.toString().lines().findFirst().orElseThrow());
      JsonObject undone = rig.nodeUntil("25% again", node, n -> advertised(n, "1k"));
      assertTrue(DeletionRig.config(undone).contains("\"batch\""));
      JsonObject revision = awaitRevisions(policy, 3).get(2).getAsJsonObject();
      assertTrue(revision.get("inForce").getAsBoolean());
      assertEquals(7, revision.getAsJsonObject("spec").get("priority").getAsInt(), "it stays");

      assertEquals(0, run("undo", policy, "--to-revision", "3"), err::toString);
      assertTrue(out.toString().endsWith(" already. Nothing was written.\n"), out::toString);
      assertEquals(1, run("undo", policy, "--to-revision", "9"));
      assertEquals(
          "nodeqos: policy %s has no revision 9; recorded are 1, 2, 3%n".formatted(policy),
          err.toString());
      assertEquals(1, run("history", "no-such-policy"));
      assertEquals("nodeqos: there is no policy no-such-policy\n", err.toString());
    }
  }

  @Test
  void undoOfAnInvalidEditRestoresTheVersionInForce() {
    String policy = unique("rollout");
    String pool = unique("pool");
    try (DeletionRig rig = DeletionRig.start(plane)) {
      rig.policy(policy, spec(pool, 0, "25%"));
      awaitRevisions(policy, 1);
      // The schema lets it through.
      rig.patchPolicy(policy, "{\"warmUp\": {\"stableFor\": \"999999999999h\"}}");
      rig.policyUntil("invalid", policy, p -> p.contains("\"reason\":\"Invalid\""));

      assertEquals(0, run("history", policy), err::toString);
      assertTrue(out.toString().contains("in force"), out::toString);
      assertTrue(out.toString().contains("Generation 2 is not valid: "), out::toString);
      assertTrue(out.toString().stripTrailing().endsWith("Revision 1 stays."), out::toString);

      assertEquals(0, run("undo", policy), err::toString);
      assertTrue(out.toString().contains("- spec.warmUp"), out::toString);
      rig.policyUntil("valid", policy, p -> !p.contains("\"reason\":\"Invalid\""));
    }
  }

  @Test
  void commandsGuideARolloutToItsEnds() {
    String policy = unique("rollout");
    String pool = unique("pool");
    List<String> nodes = List.of(unique("node-a"), unique("node-b"), unique("node-c"));
    try (DeletionRig rig = DeletionRig.start(plane)) {
      rig.policy(policy, spec(pool, 1, "25%"));
      nodes.forEach(node -> rig.node(node, pool, true));
      nodes.forEach(node -> rig.nodeUntil("25%", node, n -> advertised(n, "1k")));
      assertEquals(0, run("status", policy, "--watch", "--timeout", "60s"), err::toString);
      assertTrue(out.toString().contains("No spec.rollout: all nodes follow"), out::toString);

      rig.patchPolicy(policy, stepwise(pool, "50%"));
      assertEquals(3, run("status", policy, "--watch", "--timeout", "60s"), this::all);
      assertTrue(
          out.toString().endsWith("next: nodeqos rollout promote %s%n".formatted(policy)),
          out::toString);
      assertEquals(0, run("status", policy), err::toString);
      assertTrue(out.toString().contains("1/1   1s/1s   awaits promotion"), out::toString);
      String first = nodes.stream().sorted().findFirst().orElseThrow();
      assertTrue(advertised(rig.node(first), "2k"));

      assertEquals(0, run("pause", policy), err::toString);
      assertTrue(out.toString().contains(" is on 1 of 3 nodes (" + first + ")"), out::toString);
      rig.policyUntil("paused", policy, p -> p.contains("PausedBySpec"));
      assertEquals(3, run("status", policy, "--watch", "--timeout", "60s"), this::all);
      assertEquals(0, run("resume", policy), err::toString);
      assertEquals(3, run("status", policy, "--watch", "--timeout", "60s"), this::all);

      assertEquals(0, run("promote", policy, "--yes"), err::toString);
      assertEquals(0, run("status", policy, "--watch", "--timeout", "60s"), this::all);
      nodes.forEach(node -> assertTrue(advertised(rig.node(node), "2k"), node));
      assertEquals(0, run("history", policy), err::toString);
      assertTrue(out.toString().contains("in force   complete   "), out::toString);

      rig.patchPolicy(policy, stepwise(pool, "75%"));
      JsonObject failing = rig.nodeUntil("75%", first, n -> advertised(n, "3k"));
      plane
          .kubectl(
              "annotate",
              "node",
              first,
              "nodeqos.io/apply-error="
                  + World.text(failing, "metadata", "labels", "nodeqos.io/config-version")
                  + " no such cgroup")
          .succeeded();
      assertEquals(1, run("status", policy, "--watch", "--timeout", "60s"), this::all);
      assertTrue(
          out.toString().contains("next: change the policy, or try the revision again: "),
          out::toString);
      rig.nodeUntil("50% again", first, n -> advertised(n, "2k"));
      assertEquals(0, run("history", policy), err::toString);
      assertTrue(out.toString().contains("target   rolled back   "), out::toString);

      for (int times = 1; times <= 2; times++) {
        // It has failed already, so that it may be on 75% for a few milliseconds only.
        String before = version(rig.node(first));
        assertEquals(0, run("retry", policy), err::toString);
        rig.nodeUntil("75% again", first, n -> !version(n).equals(before));
        assertEquals(1, run("status", policy, "--watch", "--timeout", "60s"), this::all);
      }
      assertEquals(0, run("undo", policy), err::toString);
      assertEquals(0, run("status", policy, "--watch", "--timeout", "60s"), this::all);
    }
  }

  private static String version(JsonObject node) {
    return World.text(node, "metadata", "resourceVersion");
  }

  private String all() {
    return out.toString() + err;
  }

  private static String stepwise(String pool, String share) {
    return spec(pool, 1, share)
        .replaceFirst(
            "}$",
            ", \"rollout\": {\"steps\": [{\"nodes\": 1, \"pause\": {}}], \"health\": {\"for\":"
                + " \"1s\"}}}");
  }

  private JsonArray awaitRevisions(String policy, int count) {
    return Poll.until(
        count + " revisions",
        () -> {
          assertEquals(0, run("history", policy, "-o", "json"), err::toString);
          return out.toString().isEmpty()
              ? new JsonArray()
              : JsonParser.parseString(out.toString())
                  .getAsJsonObject()
                  .getAsJsonArray("revisions");
        },
        revisions -> revisions.size() == count);
  }

  private static boolean advertised(JsonObject node, String cpu) {
    return QosWorld.resource(node, "nodeqos.io/batch-cpu").equals(cpu);
  }

  private static String spec(String pool, int priority, String share) {
    return "{\"priority\": "
        + priority
        + ", \"nodeSelector\": {\"matchLabels\": {\"pool\": \""
        + pool
        + "\"}}, \"quota\": {\"classes\": [{\"name\": \"batch\", \"advertise\": {\"cpu\": \""
        + share
        + "\"}}]}}";
  }

  private int run(String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of("rollout"));
    all.addAll(Arrays.asList(options));
    all.addAll(List.of("--kubeconfig", plane.kubeconfig().toString()));
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
