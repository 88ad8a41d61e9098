// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import static io.nodeqos.e2e.rig.DeletionRig.unique;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.e2e.rig.DeletionRig;
import io.nodeqos.e2e.rig.QosWorld;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command plan on a real server, against what a controller then writes. */
@RealApi
class PlanCommandIT {
  private static final int NODES = 10;

  private final ControlPlane plane;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  PlanCommandIT(ControlPlane plane) {
    this.plane = plane;
  }

  @Test
  void exactlyThePlannedNodesChangeAsPlanned() throws IOException {
    String pool = unique("pool");
    String wide = unique("wide");
    String override = unique("override");
    List<String> nodes = new ArrayList<>();
    try (DeletionRig rig = DeletionRig.start(plane)) {
      rig.policy(wide, quota(pool, "25%"));
      rig.policy(
          override,
          "{\"priority\": 100, \"nodeSelector\": {\"matchLabels\": {\"pool\": \""
              + pool
              + "\", \"special\": \"yes\"}}, \"quota\": {\"classes\": [{\"name\": \"own\"}]}}");
      for (int i = 0; i < NODES; i++) {
        String node = unique("n" + i);
        nodes.add(node);
        rig.node(node, pool, true);
        if (i < 3) {
          rig.label(node, "special", "yes");
        }
      }
      nodes.forEach(rig::warm);
      for (String node : nodes) {
        boolean isSpecial = nodes.indexOf(node) < 3;
        rig.nodeUntil(
            "configuration",
            node,
            n -> DeletionRig.config(n).contains(isSpecial ? "\"own\"" : "\"batch\""));
      }
      Map<String, JsonObject> before = read(rig, nodes);

      String file = file(wide, quota(pool, "12.5%"));
      assertEquals(3, plan("-o", "json", "--exit-code", "-f", file), err::toString);
      JsonObject plan = JsonParser.parseString(out.toString()).getAsJsonObject();
      assertEquals(0, plan("-f", file), err::toString);
      assertTrue(out.toString().contains("(server-side dry run: accepted)"), out::toString);
      assertEquals(before, read(rig, nodes), "a plan writes nothing");

      Set<String> planned = new TreeSet<>();
      JsonObject group = plan.getAsJsonArray("groups").get(0).getAsJsonObject();
      group.getAsJsonArray("nodes").forEach(n -> planned.add(n.getAsString()));
      assertEquals(new TreeSet<>(nodes.subList(3, NODES)), planned);
      assertEquals(1, plan.getAsJsonArray("groups").size(), plan::toString);
      JsonObject stay = plan.getAsJsonArray("unchanged").get(0).getAsJsonObject();
      assertEquals("AnotherPolicy", stay.get("code").getAsString());
      assertEquals(3, stay.get("count").getAsInt());

      plane.kubectl("apply", "-f", file).succeeded();
      String version = group.getAsJsonObject("configVersion").get("new").getAsString();
      for (String node : planned) {
        JsonObject written =
            rig.nodeUntil(
                "planned version",
                node,
                n ->
                    World.label(n, "nodeqos.io/config-version").equals(version)
                        && QosWorld.resource(n, "nodeqos.io/batch-cpu").equals("500"));
        assertTrue(World.label(written, "nodeqos.io/warmed-up").equals("true"));
      }
      for (JsonElement change : group.getAsJsonArray("changes")) {
        JsonObject c = change.getAsJsonObject();
        if (c.get("on").getAsString().equals("allocatable")) {
          assertEquals("500", c.get("new").getAsString());
        }
      }
      for (String node : nodes.subList(0, 3)) {
        assertEquals(before.get(node), rig.node(node), "it stays");
      }
    }
  }

  @Test
  void rulesOfTheServerAreSentences() throws IOException {
    String file =
        file(
            unique("p"),
            "{\"nodeSelector\": {\"matchExpressions\": [{\"key\": \"a\", \"operator\": \"In\","
                + " \"values\": [\""
                + "x".repeat(64)
                + "\"]}]}}");
    try (DeletionRig rig = DeletionRig.start(plane)) {
      assertTrue(rig.leader().run().isAlive());

      assertEquals(2, plan("-f", file));
      assertTrue(err.toString().contains(": the API server refuses it: "), err::toString);
      assertEquals("", out.toString(), "nothing is half-printed");
    }
  }

  private static Map<String, JsonObject> read(DeletionRig rig, List<String> nodes) {
    Map<String, JsonObject> all = new HashMap<>();
    nodes.forEach(node -> all.put(node, rig.node(node)));
    return all;
  }

  private static String quota(String pool, String share) {
    return "{\"nodeSelector\": {\"matchLabels\": {\"pool\": \""
        + pool
        + "\"}}, \"quota\": {\"classes\": [{\"name\": \"batch\", \"advertise\": {\"cpu\": \""
        + share
        + "\"}}]}, \"warmUp\": {\"nodeReady\": {}}}";
  }

  private String file(String name, String spec) throws IOException {
    Path file = directory.resolve(name + ".yaml");
    Files.writeString(
        file,
        "apiVersion: nodeqos.io/v1alpha1\nkind: NodeQoSPolicy\nmetadata:\n  name: "
            + name
            + "\nspec: "
            + spec
            + "\n");
    return file.toString();
  }

  private int plan(String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all =
        new ArrayList<>(List.of("plan", "--kubeconfig", plane.kubeconfig().toString()));
    all.addAll(Arrays.asList(options));
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
