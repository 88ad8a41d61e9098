// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.RealClients;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.dump.Dump;
import io.nodeqos.kube.dump.DumpReader;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.node.NodeView;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A dump of a real server, which answers the lists of a snapshot in protobuf. The dump and the line
 * for operators are left in {@code target/e2e}.
 */
@RealApi
class DumpIT {
  private static final Pattern VIEWS =
      Pattern.compile("Listening on (127\\.0\\.0\\.1:\\d+) for \\[[^]]*/history");

  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final World world;
  private final String user = "dump-" + UUID.randomUUID();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  DumpIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("dump-" + UUID.randomUUID());
    installation.removeLease();
    this.world = new World(plane);
  }

  @AfterEach
  void removeAll() {
    installation.remove(replica);
    world.remove();
    plane.kubectl("delete", "clusterrole,clusterrolebinding", user, "--ignore-not-found");
  }

  private int dump(String file, String... arguments) {
    List<String> all = new ArrayList<>(List.of("dump", "-o", directory.resolve(file).toString()));
    all.addAll(List.of("--kubeconfig", plane.kubeconfig().toString()));
    all.addAll(List.of(arguments));
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private ClusterSnapshot live() throws IOException, ClientConfigException {
    SnapshotReader reader =
        SnapshotReader.of(RealClients.watch(plane), Pauses.system(), ListReader.Progress.NONE);
    return reader
        .read(
            new Wanted(
                reader.controller(Installation.NAMESPACE).value(), KubeSettings.defaults(), true))
        .value();
  }

  @Test
  void dumpHasWhatDecisionsAndTheirExplanationNeed() throws Exception {
    world.createPolicy("1");
    world.createNode();
    world.createAgent();
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      world.nodeWaitingFor(world.agent());
      Matcher views = Poll.until("views", () -> VIEWS.matcher(controller.log()), Matcher::find);
      assertEquals(0, dump("history.tar.gz", "--url", "http://" + views.group(1)), err::toString);
      assertEquals(0, controller.terminate(), controller::log);
    }
    List<String> transitions =
        new DumpReader(directory.resolve("history.tar.gz"))
            .read().history().stream()
                .filter(t -> World.text(t, "node").equals(world.node()))
                .map(t -> World.text(t, "type"))
                .toList();
    assertTrue(transitions.contains("WARMUP_STARTED"), transitions::toString);

    world.runAgent(false);
    ClusterSnapshot live = live();
    assertEquals(0, dump("fleet.tar.gz"), err::toString);
    assertTrue(err.toString().contains("The history is not in the dump: "), err.toString());
    Dump dump = new DumpReader(directory.resolve("fleet.tar.gz")).read();

    ClusterSnapshot dumped = dump.snapshot();
    assertEquals(live.controller(), dumped.controller());
    assertEquals(sorted(live.nodes()), sorted(dumped.nodes()));
    assertEquals(live.csiDrivers(), dumped.csiDrivers());
    assertEquals(live.policies(), dumped.policies());
    assertEquals(live.spinners(), dumped.spinners());
    assertEquals(live.extendedRequests(), dumped.extendedRequests());
    ReservedNamespace agents = dumped.reserved().get(world.node());
    assertEquals(1, agents.pods().size());
    assertEquals(live.reserved().get(world.node()), agents);
    assertEquals(
        Set.of("node-qos-controller"),
        dump.leases().stream()
            .map(lease -> World.text(lease, "metadata", "name"))
            .collect(Collectors.toSet()));
    assertTrue(
        dump.events().stream()
            .anyMatch(
                event ->
                    World.text(event, "involvedObject", "name").equals(world.node())
                        && World.text(event, "reason").equals("WarmUpStarted")),
        () -> dump.events().toString());
    assertFalse(dump.info().server().isEmpty(), "the version of the server");
    simulate();
    Files.copy(
        directory.resolve("history.tar.gz"),
        Path.of("target", "e2e", "fleet.tar.gz"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(Path.of("target", "e2e", "dump.txt"), out.toString());
  }

  /**
   * The fleet of the real server in virtual time: without an edit the controller has nothing to
   * write, and a policy without the gate that holds the node makes it warm.
   */
  private void simulate() throws IOException {
    JsonObject asItIs = simulated();
    assertEquals(0, asItIs.getAsJsonObject("writes").size(), asItIs::toString);
    assertTrue(
        asItIs.getAsJsonArray("notes").toString().contains("The history is not in the dump"),
        asItIs::toString);
    assertTrue(
        asItIs.getAsJsonArray("waiting").toString().contains(world.node()), asItIs::toString);

    Path policy = directory.resolve("policy.json");
    JsonObject present =
        JsonParser.parseString(
                plane.kubectl("get", "nqp", world.node(), "-o", "json").succeeded().out())
            .getAsJsonObject();
    present.remove("status");
    present.getAsJsonObject("spec").add("warmUp", JsonParser.parseString("{\"nodeReady\":{}}"));
    Files.writeString(policy, present.toString());
    JsonObject edited = simulated("-f", policy.toString());
    assertEquals(1, edited.getAsJsonObject("nodes").get("becameWarm").getAsInt(), edited::toString);
    assertFalse(edited.getAsJsonArray("waiting").toString().contains(world.node()));
  }

  private JsonObject simulated(String... more) {
    StringWriter report = new StringWriter();
    List<String> all =
        new ArrayList<>(
            List.of("simulate", "--json", "--dump", directory.resolve("fleet.tar.gz").toString()));
    all.addAll(List.of(more));
    NodeQosCommand.commandLine()
        .setOut(new PrintWriter(report, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
    return JsonParser.parseString(report.toString()).getAsJsonObject();
  }

  private static List<NodeView> sorted(List<NodeView> nodes) {
    return nodes.stream().sorted(Comparator.comparing(NodeView::name)).toList();
  }

  @Test
  void partsThatTheUserMustNotReadAreNamed() throws IOException {
    assertEquals(1, dump("none.tar.gz", "--as", user));
    assertTrue(err.toString().contains("cannot list resource \"nodeqospolicies\""), err.toString());

    plane
        .kubectl(
            "create",
            "clusterrole",
            user,
            "--verb=list",
            "--resource=nodes,namespaces,nodeqospolicies.nodeqos.io")
        .succeeded();
    plane
        .kubectl("create", "clusterrolebinding", user, "--clusterrole=" + user, "--user=" + user)
        .succeeded();
    Poll.until("dump by " + user, () -> dump("part.tar.gz", "--as", user), code -> code == 0);

    Dump dump = new DumpReader(directory.resolve("part.tar.gz")).read();
    assertFalse(dump.snapshot().reserved().get("kube-system").readable());
    assertTrue(
        dump.info().missing().stream()
            .anyMatch(s -> s.startsWith("The pods of namespace kube-system cannot be read")),
        () -> dump.info().missing().toString());
    assertTrue(dump.snapshot().extendedRequests().isEmpty(), "they were not read");
  }
}
