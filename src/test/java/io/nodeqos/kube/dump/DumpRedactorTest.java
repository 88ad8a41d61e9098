// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.kube.write.PlannedPatches;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.Completion;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions about a dump with hashed names are those about the cluster, up to the names. */
class DumpRedactorTest {
  private final SimCluster cluster = new SimCluster();

  @TempDir Path directory;

  @AfterEach
  void stop() {
    cluster.close();
  }

  private record Pair(Dump plain, Dump redacted, String text, SortedSet<String> names) {}

  private Pair dump() throws IOException {
    SnapshotReader reader =
        SnapshotReader.of(
            TestClients.watch(directory, cluster.url()), Pauses.system(), ListReader.Progress.NONE);
    Wanted wanted =
        new Wanted(reader.controller("nodeqos-system").value(), KubeSettings.defaults(), true);
    try (Spool spool = Spool.create();
        Spool hashed = Spool.create()) {
      DumpInfo info =
          ClusterDumper.of(
                  TestClients.watch(directory, cluster.url()),
                  Pauses.system(),
                  ListReader.Progress.NONE)
              .dump(wanted, "0.1.0", Optional.empty(), spool);
      DumpInfo redacted = DumpRedactor.redact(spool, info, hashed);
      byte[] archive = archive(hashed, redacted);
      return new Pair(
          read(archive(spool, info)),
          read(archive),
          new String(
              new GZIPInputStream(new ByteArrayInputStream(archive)).readAllBytes(),
              StandardCharsets.UTF_8),
          NameCollector.collect(spool, info));
    }
  }

  private static byte[] archive(Spool spool, DumpInfo info) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    spool.writeTo(out, info);
    return out.toByteArray();
  }

  private Dump read(byte[] archive) throws IOException {
    Path file = directory.resolve("dump.tar.gz");
    Files.write(file, archive);
    return new DumpReader(file).read();
  }

  /** Each patch of each node, by the order of the names. */
  private static String decisions(ClusterSnapshot snapshot) {
    FleetPlanner planner =
        FleetPlanner.of(
            SnapshotCluster.of(snapshot),
            FleetPlanner.catalog(snapshot.policies()),
            ReconcileSettings.DEFAULTS,
            SpinnerSettings.DEFAULTS,
            TimeSource.of(() -> Instant.parse("2026-11-03T12:00:00Z"), () -> 0));
    StringBuilder text = new StringBuilder();
    for (NodePreview node : planner.decideAll()) {
      text.append(node.node()).append('\n');
      PlannedPatches.of(node.plan(), Instant.EPOCH)
          .forEach(patch -> text.append(patch.body()).append('\n'));
    }
    return text.toString();
  }

  /** Each name by its place in the order of all names, which redaction keeps. */
  private static String numbered(String text, SortedSet<String> names) {
    String numbered = text;
    int number = 0;
    for (String name : names) {
      numbered =
          numbered.replaceAll(
              "(?<![-A-Za-z0-9.])" + name.replace(".", "\\.") + "(?![-A-Za-z0-9])",
              "<" + number++ + ">");
    }
    return numbered;
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void decisionsStayTheSame(long seed) throws IOException {
    new RandomCluster(cluster, seed).create();
    Pair pair = dump();

    SortedSet<String> names = new TreeSet<>(pair.names());
    names.removeIf(name -> name.isEmpty());
    String plain = numbered(decisions(pair.plain().snapshot()), names);
    String redacted =
        decisions(pair.redacted().snapshot()).replaceAll("x0*(\\d+)-[0-9a-f]{6}", "<$1>");
    assertEquals(plain, redacted);
    assertTrue(plain.contains("WarmedUp"), "the test decides something: " + plain);
  }

  /** A revision is a hash over sections with names, which the gate of the policy has here. */
  @Test
  void nodesFollowTheSameRevisions() throws IOException {
    cluster.installPolicyDefinition();
    cluster.namespace("nodeqos-system", "");
    cluster.namespace("storage", "\"nodeqos.io/reserved\":\"true\"");
    cluster.node("node-0");
    cluster.node("node-1");
    JsonObject policy =
        cluster.create(
            "/apis/nodeqos.io/v1alpha1/nodeqospolicies",
            """
            {"kind":"NodeQoSPolicy","apiVersion":"nodeqos.io/v1alpha1","metadata":{"name":"base"},
             "spec":{"rollout":{},"warmUp":{"reservedPods":[{"namespace":"storage"}]}}}""");
    String uid = policy.getAsJsonObject("metadata").get("uid").getAsString();
    PolicyRevision stable = revision(uid, policy);
    cluster.create(
        "/apis/apps/v1/namespaces/nodeqos-system/controllerrevisions",
        stable.toCreate(
            new PolicyObject.Meta("base", uid, "", 1, Instant.EPOCH, false, List.of()),
            "nodeqos-system"));
    String path = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/base";
    String target =
        revision(uid, cluster.merge(path, "{\"spec\":{\"warmUp\":{\"stableFor\":\"9s\"}}}"))
            .revision();
    cluster.merge(
        path + "/status",
        "{\"status\":{\"observedGeneration\":1,\"rollout\":"
            + RolloutJson.stable(stable.revision(), 1)
            + "}}");
    JsonObject config = new JsonObject();
    config.addProperty("nodeqos.io/config", "{\"revisions\":{\"base\":\"" + target + "\"}}");
    cluster.merge("/api/v1/nodes/node-0", "{\"metadata\":{\"annotations\":" + config + "}}");

    Pair pair = dump();

    for (Dump dump : List.of(pair.plain(), pair.redacted())) {
      String name = dump.snapshot().policies().objects().get(0).name();
      PolicyRollout rollout =
          FleetPlanner.catalog(dump.snapshot().policies()).snapshot().rollout(name).orElseThrow();
      assertTrue(rollout.isStableKnown());
      assertEquals(
          List.of(rollout.target(), rollout.stable()),
          dump.snapshot().nodes().stream()
              .sorted(Comparator.comparing(NodeView::name))
              .map(rollout::carriedBy)
              .toList());
    }
  }

  private static PolicyRevision revision(String uid, JsonObject policy) {
    JsonObject spec = policy.getAsJsonObject("spec");
    PolicyRevision named =
        new PolicyRevision("", "", "base", uid, 1, spec, Instant.EPOCH, Completion.UNKNOWN);
    return new PolicyRevision(
        named.intactName(), "", "base", uid, 1, spec, Instant.EPOCH, Completion.UNKNOWN);
  }

  @Test
  void noNameIsLeft() throws IOException {
    new RandomCluster(cluster, 3).create();
    cluster.node("10.0.0.7");
    Pair pair = dump();

    assertTrue(pair.names().containsAll(List.of("node-0", "10.0.0.7", "tenant", "storageagent-1")));
    for (String name : pair.names()) {
      assertFalse(
          !name.isEmpty()
              && pair.text()
                  .matches("(?s).*[^-A-Za-z0-9./]" + Pattern.quote(name) + "[^-A-Za-z0-9.].*"),
          name);
    }
    assertTrue(
        pair.plain().snapshot().controller().settings().orElseThrow().contains("jaeger.tenant"));
    assertFalse(pair.text().contains("jaeger"), "the host of an address");
    assertEquals(
        pair.plain().snapshot().policies().revisions().stream()
            .map(PolicyRevision::isIntact)
            .toList(),
        pair.redacted().snapshot().policies().revisions().stream()
            .map(PolicyRevision::isIntact)
            .toList());
    assertTrue(
        pair.redacted().snapshot().spinners().daemonSets().stream()
            .allMatch(spinner -> spinner.name().equals("nodeqos-spinner-" + spinner.policy())),
        "the name of a spinner is made of that of its policy");
  }

  /** An administrator's name is in the sentence with which the server refuses a list. */
  @Test
  void userAndServerAreHidden() {
    DumpInfo info =
        new DumpInfo(
            "0.1.0",
            "",
            Instant.EPOCH,
            "own",
            Map.of(),
            Set.of(),
            Map.of(),
            List.of(
                "The pods cannot be read (HTTP 403: pods is forbidden: User \"arn:aws:iam::1:user/Al"
                    + " Smith\" cannot list it): they are not in the dump",
                "The history is not in the dump: https://own.example.com:8081/history does not"
                    + " answer"));

    DumpInfo redacted =
        new NameRedaction(NameTable.of(new TreeSet<>(Set.of("own")))).info(info, Map.of());

    assertEquals(
        List.of(
            "The pods cannot be read (HTTP 403: pods is forbidden: User \"x\" cannot list it): they"
                + " are not in the dump",
            "The history is not in the dump: https://x/history does not answer"),
        redacted.missing());
  }
}
