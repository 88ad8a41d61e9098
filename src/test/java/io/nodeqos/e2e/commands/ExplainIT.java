// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertAll;
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
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Eight nodes, each not warm (or soon not) for another reason, explained by a replica with the
 * rights of the manifests, and once more by the API server alone. The answers are left in {@code
 * target/explain}.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainIT {
  private static final Pattern VIEWS =
      Pattern.compile("Listening on (127\\.0\\.0\\.1:\\d+) for \\[[^]]*/explain");
  private static final Pattern CHANGES = Pattern.compile(" (patch|taint|label|annotate|delete) ");

  private static final Path OUTPUT = Path.of("target", "explain");

  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final ExplainWorld world;
  private ControllerRun controller;

  ExplainIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("explain-" + UUID.randomUUID().toString().substring(0, 6));
    this.world = new ExplainWorld(plane);
  }

  @BeforeAll
  void start() throws IOException {
    installation.removeLease();
    controller =
        ControllerRun.start(
            plane, replica, plane.server(), Map.of("NODEQOS_DAMPING_CONDITIONWORDING", "0s"));
    Poll.until("leader", controller::leads, leads -> leads);
    Files.createDirectories(OUTPUT);
    world.prepare();
  }

  @AfterAll
  void stop() {
    world.remove();
    controller.close();
    installation.remove(replica);
  }

  private record Answer(int exitCode, String out, String error) {
    String line(int number) {
      return out.lines().toList().get(number);
    }
  }

  private static Answer nodeqos(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter error = new StringWriter();
    CommandLine line = NodeQosCommand.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(error));
    int code = line.execute(arguments);
    return new Answer(code, out.toString(), error.toString());
  }

  private Answer explain(String... arguments) {
    Matcher views = Poll.until("views", () -> VIEWS.matcher(controller.log()), Matcher::find);
    return command("http://" + views.group(1), arguments);
  }

  /** Nothing listens there. */
  private Answer explainWithoutReplica(String... arguments) {
    return command("http://127.0.0.1:9", arguments);
  }

  private Answer command(String url, String... arguments) {
    List<String> all = new ArrayList<>(List.of("explain"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--kubeconfig", plane.kubeconfig().toString(), "--url", url));
    return nodeqos(all.toArray(String[]::new));
  }

  /** The replica and the API server alone agree on the first two lines, ages aside. */
  private void assertExplained(String name, int exitCode, String why, String next) {
    Answer byReplica = explain(name);
    Answer alone = explainWithoutReplica(name);
    keep(name, byReplica);
    keep(name + "-without-replica", alone);
    assertAll(
        () -> assertTrue(withoutAges(byReplica.line(0)).contains(why), byReplica::out),
        () -> assertEquals("Next: " + next, byReplica.line(1), byReplica::out),
        () -> assertEquals(exitCode, byReplica.exitCode(), byReplica::out),
        () -> assertEquals(withoutAges(byReplica.line(0)), withoutAges(alone.line(0)), alone::out),
        () -> assertEquals(byReplica.line(1), alone.line(1), alone::out),
        () -> assertEquals(exitCode, alone.exitCode(), alone::out),
        () -> assertTrue(alone.out().contains("No replica answers"), alone::out));
  }

  private static String withoutAges(String line) {
    return line.replaceAll(" \\(for [^)]*\\)", "").replaceAll(" [0-9hms]+ ago", "");
  }

  private static void keep(String name, Answer answer) {
    try {
      Files.writeString(
          OUTPUT.resolve(name + ".txt"),
          "$ nodeqos explain "
              + name
              + "\n"
              + answer.out()
              + "$ echo $?\n"
              + answer.exitCode()
              + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void agentThatCrashes() {
    assertExplained(
        "gpu-crash",
        5,
        "pod ex-system/agent-gpu-crash is not Ready: CrashLoopBackOff, 7 restarts, last exit code 1"
            + " (Error)",
        "see why its container ended: kubectl -n ex-system logs agent-gpu-crash -c agent --previous");
  }

  @Test
  void missingToleration() {
    assertExplained(
        "gpu-deadlock",
        5,
        "DaemonSet ex-system/nvme does not tolerate the startup taint"
            + " nodeqos.io/warming-up:NoSchedule",
        "let it tolerate the startup taint: kubectl -n ex-system patch daemonset nvme --type json -p '[{\"op\":\"add\",\"path\":"
            + "\"/spec/template/spec/tolerations\",\"value\":[{\"key\":\"nodeqos.io/warming-up\","
            + "\"operator\":\"Exists\"}]}]'");
  }

  @Test
  void missingCsiDriver() {
    assertExplained(
        "gpu-csi",
        5,
        "CSI driver csi.example.com is not registered on the node, and no other driver is",
        "find the pod of the driver csi.example.com, and look at its log: kubectl get pods -A -o wide"
            + " --field-selector spec.nodeName=gpu-csi");
  }

  @Test
  void imageThatIsNotPulled() {
    assertExplained(
        "gpu-image",
        5,
        "image registry.example.com/ml/server:24.12 cannot be pulled, see pod"
            + " nodeqos-system/ex-spinner: ImagePullBackOff",
        "see the error of the pull: kubectl -n nodeqos-system describe pod ex-spinner");
  }

  @Test
  void brake() {
    assertExplained(
        "ex-brake-0",
        0,
        "ex-brake-0 is warm, but only because the brake of policy ex-brake is on: pod"
            + " ex-brake/agent-0 is not Ready",
        "see the Events of the pod: kubectl -n ex-brake describe pod agent-0");
  }

  @Test
  void suspendedPolicy() {
    assertExplained(
        "gpu-suspended",
        5,
        "policy ex-suspended is suspended since ",
        "end the suspension for all nodes of the policy: kubectl patch nqp ex-suspended --type merge -p '{\"spec\":{\"suspend\":false}}'");
  }

  @Test
  void noCapacity() {
    assertExplained(
        "gpu-no-capacity",
        5,
        "its kubelet reports no CPU or no memory",
        "see what the kubelet reports: kubectl get node gpu-no-capacity -o jsonpath='{.status.capacity}'");
  }

  @Test
  void noPolicy() {
    assertExplained(
        "gpu-no-policy",
        5,
        "policies selects it: its label is pool=general, and each selects another value",
        "change the labels of the node, or the nodeSelector of a policy; the labels are: kubectl get"
            + " node gpu-no-policy --show-labels");
  }

  @Test
  void sumsOfAllNodesAndOfAPolicy() {
    Answer all = explain("--all");
    keep("--all", all);
    Answer policy = explain("--policy", "ex-crash");
    keep("--policy ex-crash", policy);
    assertAll(
        () -> assertTrue(all.out().contains("DaemonSet ex-system/nvme"), all::out),
        () -> assertTrue(all.out().contains("GateDeadlock"), all::out),
        () -> assertTrue(all.out().contains("ReservedPodsNotReady (CrashLoopBackOff)"), all::out),
        () -> assertEquals(5, all.exitCode()),
        () ->
            assertTrue(
                policy.line(0).startsWith("1 of 1 nodes of policy ex-crash is not warm"),
                policy::out),
        () -> assertTrue(explainWithoutReplica("--all").out().contains("nvme")));
  }

  /** As they are printed, but without an effect; there is no kubelet that has logs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpu-crash",
        "gpu-deadlock",
        "gpu-csi",
        "gpu-image",
        "ex-brake-0",
        "gpu-suspended",
        "gpu-no-capacity",
        "gpu-no-policy"
      })
  void advisedCommandsWork(String node) {
    JsonObject json = JsonParser.parseString(explain(node, "-o", "json").out()).getAsJsonObject();
    List<String> commands =
        json.getAsJsonArray("advice").asList().stream()
            .map(step -> step.getAsJsonObject().get("command").getAsString())
            .filter(command -> command.startsWith("kubectl "))
            .filter(command -> !command.contains(" logs "))
            .toList();
    assertFalse(commands.isEmpty(), json::toString);
    for (String command : commands) {
      boolean changes = CHANGES.matcher(command).find();
      plane.shell(command + (changes ? " --dry-run=server" : "")).succeeded();
    }
  }

  @Test
  void dumpSaysTheSame(@TempDir Path directory) {
    String file = directory.resolve("fleet.tar.gz").toString();
    String kubeconfig = plane.kubeconfig().toString();
    assertEquals(0, nodeqos("dump", "-o", file, "--kubeconfig", kubeconfig).exitCode());
    Answer ofDump = nodeqos("explain", "gpu-csi", "--dump", file);
    assertAll(
        () -> assertEquals(5, ofDump.exitCode(), ofDump::error),
        () ->
            assertEquals(
                withoutAges(explain("gpu-csi").line(0)), withoutAges(ofDump.line(0)), ofDump::out),
        () -> assertEquals(2, nodeqos("explain", "n", "--dump", kubeconfig).exitCode()));
  }

  @Test
  void jsonIsOneObject() {
    JsonObject json =
        JsonParser.parseString(explain("gpu-csi", "-o", "json").out()).getAsJsonObject();
    assertEquals("cli.nodeqos.io/v1", json.get("apiVersion").getAsString());
    assertEquals("Explanation", json.get("kind").getAsString());
    assertEquals("CSIDriversMissing", json.get("reason").getAsString());
  }

  @Test
  void unknownNodeAndTimeout() {
    Answer unknown = explain("no-such-node");
    Answer alone = explainWithoutReplica("no-such-node");
    Answer late = explain("gpu-csi", "--watch", "--timeout", "3s");
    assertAll(
        () -> assertEquals(1, unknown.exitCode()),
        () -> assertTrue(unknown.error().contains("there is no node no-such-node"), unknown::error),
        () -> assertEquals(unknown.error(), alone.error()),
        () -> assertEquals(5, late.exitCode()),
        () -> assertEquals(1, late.out().lines().count(), "nothing changed: " + late.out()));
  }
}
