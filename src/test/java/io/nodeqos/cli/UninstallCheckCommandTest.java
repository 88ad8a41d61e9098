// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.command.Mistakes;
import io.nodeqos.fixture.FakePauses;
import io.nodeqos.kube.TestServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UninstallCheckCommandTest {
  private static final String NONE = "No policy needs the controller: it can be removed.";
  private static final String KEPT =
      "{'metadata':{'name':'kept','finalizers':['example.com/theirs']},'spec':{}}";
  private static final String REMOVED =
      "{'metadata':{'name':'base','finalizers':['nodeqos.io/clean-nodes']},"
          + "'spec':{'deletionPolicy':'Remove'}}";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final FakePauses pauses = new FakePauses();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static String deleted(String name, String message) {
    return """
        {'metadata':{'name':'%s','deletionTimestamp':'2026-11-23T14:00:00Z',
          'finalizers':['nodeqos.io/clean-nodes']},
         'status':{'conditions':[{'type':'Valid','message':'The policy is being deleted.'},
           {'type':'Progressing','message':'%s'}]}}"""
        .formatted(name, message);
  }

  private void serve(String... policies) {
    answer(okJson("{'items':[%s]}".formatted(String.join(",", policies)).replace('\'', '"')));
  }

  private void answer(ResponseDefinitionBuilder answer) {
    server.stubFor(
        get(urlPathEqualTo("/apis/nodeqos.io/v1alpha1/nodeqospolicies")).willReturn(answer));
  }

  private int run(String... arguments) {
    Path kubeconfig = directory.resolve("kubeconfig");
    try {
      Files.writeString(
          kubeconfig,
          """
          current-context: test
          contexts: [{name: test, context: {cluster: test, user: test}}]
          clusters: [{name: test, cluster: {server: "%s"}}]
          users: [{name: test, user: {token: s3cret}}]
          """
              .formatted(server.baseUrl()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> line = new ArrayList<>(List.of(arguments));
    line.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    return Mistakes.handledBy(new CommandLine(new UninstallCheckCommand(pauses.pauses())))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(line.toArray(String[]::new));
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  @Test
  void policiesWithoutTheFinalizerDoNotNeedTheController() {
    serve(KEPT);

    assertEquals(0, run());
    assertEquals(List.of(NONE), lines());
  }

  @Test
  void withoutTheCrdThereIsNoPolicy() {
    answer(aResponse().withStatus(404));

    assertEquals(0, run());
    assertEquals(List.of(NONE), lines());
  }

  @Test
  void aPolicyThatNothingDeletesIsNamedWithTheCommandAndNotWaitedFor() {
    serve(KEPT, REMOVED, deleted("gpu", "2 nodes are left to clean."));

    assertEquals(5, run("--wait", "1m"));
    assertEquals(
        List.of(
            "2 policies need the controller until their nodes are clean:",
            "Policy base has deletionPolicy Remove and is not being deleted. Run: kubectl delete nqp"
                + " base",
            "Policy gpu is being deleted. 2 nodes are left to clean."),
        lines());
    assertEquals(Duration.ZERO, pauses.slept());
  }

  @Test
  void aDeletionIsWaitedForAndItsProgressShownOnce() {
    serve(deleted("gpu", "2 nodes are left to clean."));
    pauses.onSleep =
        () -> {
          if (pauses.sleeps.size() == 3) {
            serve(deleted("gpu", "1 node is left to clean."));
          } else if (pauses.sleeps.size() == 5) {
            serve();
          }
        };

    assertEquals(0, run("--wait", "1m"));
    String first = "1 policy needs the controller until its nodes are clean:";
    assertEquals(
        List.of(
            first,
            "Policy gpu is being deleted. 2 nodes are left to clean.",
            first,
            "Policy gpu is being deleted. 1 node is left to clean.",
            NONE),
        lines());
    assertEquals(Duration.ofSeconds(5), pauses.slept());
  }

  @Test
  void aDeletionThatTakesLongerIsNotWaitedFor() {
    serve(deleted("gpu", ""));

    assertEquals(5, run("--wait", "10s"));
    assertEquals(
        "Policy gpu is being deleted. No replica has reported its progress.", lines().get(1));
    assertEquals(2, lines().size());
    assertEquals(Duration.ofSeconds(10), pauses.slept());
  }

  @Test
  void programsGetOneObjectAtTheEnd() {
    serve(deleted("gpu", "2 nodes are left to clean."));

    assertEquals(5, run("--wait", "10s", "-o", "json"));
    JsonObject object = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals("UninstallCheck", object.get("kind").getAsString());
    JsonObject policy = object.getAsJsonArray("policies").get(0).getAsJsonObject();
    assertEquals("gpu", policy.get("name").getAsString());
    assertTrue(policy.get("deleting").getAsBoolean());
  }

  @Test
  void policiesThatCannotBeReadAreNoReasonToRemoveTheController() {
    answer(aResponse().withStatus(403));

    assertEquals(1, run());
    assertTrue(err.toString().contains("the policies cannot be read: HTTP 403"), err::toString);

    answer(okJson("[]"));
    assertEquals(1, run());
  }

  @Test
  void aWrongDurationIsABadArgument() {
    assertEquals(2, run("--wait", "soon"));
    assertTrue(err.toString().contains("--wait: \"soon\" is not a duration"), err::toString);
  }
}
