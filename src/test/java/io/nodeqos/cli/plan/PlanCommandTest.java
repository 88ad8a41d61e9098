// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.kube.SimCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on the embedded API. */
class PlanCommandTest {
  private static final String POLICY =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata:
        name: base
      spec:
        reservation:
          cpu: 500m
      """;

  private final SimCluster cluster = new SimCluster();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  @BeforeEach
  void fill() {
    cluster.installPolicyDefinition();
    cluster.node("a");
    cluster.node("b");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void newPolicyIsPlannedAndNotWritten() throws IOException {
    assertEquals(0, plan("-f", file("base.yaml", POLICY)), err::toString);

    String text = out.toString();
    assertTrue(text.startsWith("policy base: new"), text);
    assertTrue(text.contains("2 of 2 nodes change"), text);
    assertTrue(text.contains("kubectl apply -f "), text);
    assertEquals(
        0, cluster.get("/apis/nodeqos.io/v1alpha1/nodeqospolicies").getAsJsonArray("items").size());
  }

  @Test
  void exitCodesTellChangesFromWarnings() throws IOException {
    String changes = file("base.yaml", POLICY);
    String warnings =
        file("gpu.yaml", POLICY.replace("500m", "500m\n  nodeSelector: {matchLabels: {a: b}}"));

    assertEquals(3, plan("--exit-code", "-f", changes), err::toString);
    assertEquals(4, plan("--exit-code", "-f", warnings), err::toString);
    assertTrue(out.toString().contains("! SelectsNothing"), out::toString);
  }

  @Test
  void deletedPolicy() {
    cluster.policy("base");

    assertEquals(0, plan("--delete", "base"), err::toString);
    assertTrue(out.toString().startsWith("policy base: deleted"), out::toString);
    assertTrue(out.toString().contains("kubectl delete nqp base"), out::toString);
  }

  @Test
  void jsonIsOneObject() throws IOException {
    assertEquals(0, plan("-o", "json", "-f", file("base.yaml", POLICY)), err::toString);

    JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals("cli.nodeqos.io/v1", json.get("apiVersion").getAsString());
    assertEquals("Plan", json.get("kind").getAsString());
    assertEquals(2, json.get("changed").getAsInt());
    assertEquals(
        "create",
        json.getAsJsonArray("policies").get(0).getAsJsonObject().get("action").getAsString());
  }

  @Test
  void againstADumpNothingIsAskedOfAServer() throws IOException {
    String dump = directory.resolve("fleet.tar.gz").toString();
    assertEquals(0, run("dump", "-o", dump), err::toString);
    cluster.close();

    assertEquals(0, plan("--against", dump, "-f", file("base.yaml", POLICY)), err::toString);
    assertTrue(out.toString().contains("2 of 2 nodes change"), out::toString);
    assertTrue(out.toString().contains("and admission: a dump has no API server"), out::toString);
    assertEquals(2, plan("--against", file("no", "dump"), "--delete", "x"));
    assertTrue(err.toString().contains("is not a dump of nodeqos"), err::toString);
  }

  @Test
  void mistakesAreSentencesAndNothingIsPrinted() throws IOException {
    String file = file("bad.yaml", POLICY.replace("500m", "lots") + "---\nkind: Pod\n");

    assertEquals(2, plan("-f", file));
    assertEquals(
        "nodeqos: "
            + file
            + ", document 1: policy base: spec.reservation.cpu: \"lots\" is not a quantity"
            + " (allowed are for example 500m, 2,"
            + " 1.5Gi, 4k)\n"
            + file
            + ", document 2: the object is a Pod without apiVersion, must be a NodeQoSPolicy of"
            + " nodeqos.io/v1alpha1\n",
        err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void filesThatAreNotThere() {
    assertEquals(2, plan("-f", directory.resolve("no.yaml").toString()));
    assertTrue(err.toString().contains("no.yaml does not exist"), err::toString);
    assertEquals(2, plan("-f", directory.toString()));
    assertTrue(err.toString().contains("has no file *.yaml"), err::toString);
  }

  @Test
  void directoriesAreReadInOrder() throws IOException {
    file("a.yaml", POLICY);
    file(
        "b.json",
        "{\"apiVersion\": \"nodeqos.io/v1alpha1\", \"kind\": \"NodeQoSPolicy\","
            + " \"metadata\": {\"name\": \"other\"}, \"spec\": {\"priority\": 1}}");
    Files.writeString(directory.resolve("README.md"), "no policy");

    assertEquals(0, plan("-f", directory.toString()), err::toString);
    assertTrue(out.toString().contains("policy base: new"), out::toString);
    assertTrue(out.toString().contains("policy other: new"), out::toString);
  }

  @Test
  void theDirectoryOfAKustomizationIsRead() throws IOException {
    file("base.yaml", POLICY);
    String other =
        file(
            "kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n");

    assertEquals(0, plan("-f", directory.toString()), err::toString);
    assertTrue(
        out.toString()
            .contains(
                "not checked   "
                    + other
                    + ": a Kustomization of kustomize.config.k8s.io/v1beta1 is no policy"),
        out::toString);
  }

  @Test
  void theLineToApplyItIsOneForAShell() throws IOException {
    String file = file("base of all.yaml", POLICY);

    assertEquals(0, plan("-f", file), err::toString);
    assertTrue(
        out.toString().contains("To apply it: kubectl apply -f '" + file + "'"), out::toString);
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(POLICY.getBytes(StandardCharsets.UTF_8)));
      assertEquals(0, plan("-f", "-"), err::toString);
    } finally {
      System.setIn(before);
    }
    assertFalse(out.toString().contains("To apply it"), out::toString);
  }

  @Test
  void aDryRunIsCalledOne() throws IOException {
    assertEquals(
        3,
        plan("--exit-code", "-f", file("a.yaml", POLICY.replace("spec:", "spec:\n  dryRun: true"))),
        err::toString);
    assertTrue(out.toString().contains("  selects 2 of 2 nodes\n  a dry run: "), out::toString);
    assertTrue(out.toString().contains("2 stay: policy base is a dry run"), out::toString);
  }

  @Test
  void thePodsOfTenantsAreReadForResourcesAlone() throws IOException {
    String gates = POLICY.replace("reservation:", "warmUp:").replace("cpu: 500m", "nodeReady: {}");

    assertEquals(0, plan("-f", file("gates.yaml", gates)), err::toString);
    assertEquals(0, requestsForAll("pods"));
    assertEquals(0, plan("-f", file("base.yaml", POLICY)), err::toString);
    assertEquals(1, requestsForAll("pods"));
  }

  @Test
  void mistakesOfAFileAreFoundBeforeTheLongLists() throws IOException {
    assertEquals(2, plan("-f", file("bad.yaml", POLICY.replace("500m", "lots"))));
    assertTrue(err.toString().contains("\"lots\" is not a quantity"), err::toString);
    assertEquals(0, requestsForAll("nodes"));
  }

  private long requestsForAll(String resource) {
    return cluster.server.requests().all().stream()
        .filter(request -> request.resource().equals(resource) && request.namespace().isEmpty())
        .filter(request -> request.verb().equals("list"))
        .count();
  }

  @Test
  void nothingToPlanIsABadArgument() {
    assertEquals(2, plan());
    assertTrue(err.toString().contains("plan needs -f FILE or --delete NAME"), err::toString);
  }

  private String file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    return file.toString();
  }

  private int plan(String... options) {
    return run("plan", options);
  }

  private int run(String command, String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Path kubeconfig = directory.resolve("kubeconfig");
    try {
      Files.writeString(
          kubeconfig,
          """
          apiVersion: v1
          kind: Config
          current-context: test
          contexts: [{name: test, context: {cluster: test, user: test}}]
          clusters: [{name: test, cluster: {server: "%s"}}]
          users: [{name: test, user: {token: s3cret}}]
          """
              .formatted(cluster.url()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    List<String> all = new ArrayList<>(List.of(command, "--kubeconfig", kubeconfig.toString()));
    all.addAll(Arrays.asList(options));
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
