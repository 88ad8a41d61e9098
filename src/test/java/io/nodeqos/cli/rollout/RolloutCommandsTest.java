// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on the embedded API, where the test writes the status in place of a controller. */
class RolloutCommandsTest {
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final String GPU = POLICIES + "/gpu";
  private static final Counts ONE = new Counts(20, 1, 1, 1, 0, 0);

  private final SimCluster cluster = new SimCluster();

  @TempDir Path directory;

  private record Answer(int exitCode, String out, String error) {}

  @BeforeEach
  void prepare() throws IOException {
    cluster.installPolicyDefinition();
    Files.writeString(
        directory.resolve("kubeconfig"),
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "c",
         "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
         "users": [{"name": "u", "user": {}}],
         "clusters": [{"name": "c", "cluster": {"server": "%s"}}]}"""
            .formatted(cluster.url()));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Answer rollout(String... arguments) {
    return rollout(new StringWriter(), arguments);
  }

  private Answer rollout(StringWriter out, String... arguments) {
    List<String> all = new ArrayList<>(List.of("rollout"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--kubeconfig", directory.resolve("kubeconfig").toString()));
    StringWriter error = new StringWriter();
    int code =
        NodeQosCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(error, true))
            .execute(all.toArray(String[]::new));
    return new Answer(code, out.toString(), error.toString());
  }

  private void policy(String rollout) {
    cluster.create(
        POLICIES,
        """
        {"kind":"NodeQoSPolicy","apiVersion":"nodeqos.io/v1alpha1","metadata":{"name":"gpu"},
         "spec":%s}"""
            .formatted(RolloutCase.CPU_2.formatted(rollout).replace('\'', '"')));
  }

  private void says(RolloutState state) {
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", generation());
    status.add(RolloutJson.FIELD, RolloutJson.patch(state));
    cluster.merge(GPU + "/status", "{\"status\":" + status + "}");
  }

  private long generation() {
    return cluster.get(GPU).getAsJsonObject("metadata").get("generation").getAsLong();
  }

  private String request() {
    JsonObject metadata = cluster.get(GPU).getAsJsonObject("metadata");
    return metadata.has("annotations")
            && metadata.getAsJsonObject("annotations").has("nodeqos.io/rollout")
        ? metadata.getAsJsonObject("annotations").get("nodeqos.io/rollout").getAsString()
        : "";
  }

  private boolean isPaused() {
    return cluster.get(GPU).getAsJsonObject("spec").getAsJsonObject("rollout").has("paused");
  }

  private static RolloutState soaking() {
    return RolloutCase.state(RolloutPhase.SOAKING, "Soaking", "It soaks.", 1, ONE);
  }

  private static RolloutState rolledBack(String handled) {
    RolloutState s =
        RolloutCase.state(
            RolloutPhase.ROLLED_BACK,
            "RolledBack",
            "It is back.",
            1,
            new Counts(20, 1, 0, 0, 1, 0));
    return new RolloutState(
        s.phase(),
        s.revisions(),
        s.progress(),
        s.counts(),
        s.failed(),
        s.reason(),
        s.message(),
        handled);
  }

  private static void assertRefused(String sentence, Answer answer) {
    assertEquals(1, answer.exitCode(), answer::out);
    assertEquals("nodeqos: " + sentence + System.lineSeparator(), answer.error());
  }

  @Test
  void pauseAndResumeWriteTheFieldOnce() {
    policy(RolloutCase.ROLLOUT);
    says(soaking());
    Answer paused = rollout("pause", "gpu");
    assertEquals(0, paused.exitCode(), paused::error);
    assertEquals(
        """
        policy gpu is paused now, as generation 2: no node gets another revision
        Revision %s is on 0 of 20 nodes; the others carry %s.
        """
            .formatted(RolloutCase.TARGET, RolloutCase.STABLE),
        paused.out());
    assertTrue(isPaused());

    assertTrue(rollout("pause", "gpu").out().contains("is paused already. Nothing was written."));
    assertEquals(2, generation());
    Answer resumed = rollout("resume", "gpu", "-o", "json");
    assertEquals(0, resumed.exitCode(), resumed::error);
    JsonObject body = JsonParser.parseString(resumed.out()).getAsJsonObject();
    assertEquals("RolloutResume", body.get("kind").getAsString());
    assertEquals(3, body.get("generation").getAsLong());
    assertFalse(isPaused());
  }

  @Test
  void promoteNamesRevisionAndStep() {
    policy(RolloutCase.ROLLOUT);
    says(soaking());
    Answer promoted = rollout("promote", "gpu");
    assertEquals(0, promoted.exitCode(), promoted::error);
    assertEquals(
        "policy gpu: step 1 is promoted for revision " + RolloutCase.TARGET + "\n", promoted.out());
    assertEquals("promote=" + RolloutCase.TARGET + "/1", request());
    assertTrue(rollout("promote", "gpu").out().contains("already. Nothing was written."));

    Answer full = rollout("promote", "gpu", "--full", "--yes");
    assertEquals(
        "policy gpu: steps 1 to 3 are promoted for revision " + RolloutCase.TARGET + "\n",
        full.out(),
        full::error);
    assertEquals("promote=" + RolloutCase.TARGET + "/3", request());
  }

  /** It was there at the start of the rollout, so it is about an earlier one. */
  @Test
  void promotionThatTheControllerHasNotCountedIsMadeAgain() throws Exception {
    policy(RolloutCase.ROLLOUT);
    String promote = "promote=" + RolloutCase.TARGET + "/1";
    cluster.merge(
        GPU, "{\"metadata\":{\"annotations\":{\"nodeqos.io/rollout\":\"" + promote + "\"}}}");
    RolloutState s = soaking();
    says(
        new RolloutState(
            s.phase(),
            s.revisions(),
            s.progress(),
            s.counts(),
            s.failed(),
            s.reason(),
            s.message(),
            promote));
    CompletableFuture<Answer> again =
        CompletableFuture.supplyAsync(() -> rollout("promote", "gpu", "-y"));
    for (int i = 0; i < 500 && !request().isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals("", request(), "the former one is removed first");
    says(soaking());
    assertEquals(0, again.get(20, TimeUnit.SECONDS).exitCode());
    assertEquals(promote, request());
  }

  @Test
  void refusalsAreOneSentence() {
    assertRefused("there is no policy gpu", rollout("promote", "gpu"));
    policy("");
    says(RolloutState.complete(RolloutCase.TARGET, 1));
    assertRefused(
        "policy gpu has no spec.rollout: a change reaches all its nodes at once",
        rollout("pause", "gpu"));
    assertRefused(
        "policy gpu has nothing to promote: it has no spec.rollout, and a change reaches all nodes at"
            + " once",
        rollout("promote", "gpu"));
    assertRefused(
        "policy gpu has nothing to retry: it has no spec.rollout", rollout("retry", "gpu"));

    cluster.merge(
        GPU, ("{\"spec\":{" + RolloutCase.ROLLOUT.substring(2) + "}}").replace('\'', '"'));
    says(RolloutCase.complete());
    assertRefused(
        "policy gpu has nothing to promote: all nodes carry its revision " + RolloutCase.TARGET,
        rollout("promote", "gpu"));
    assertRefused(
        "policy gpu has nothing to retry: all nodes carry its revision " + RolloutCase.TARGET,
        rollout("retry", "gpu"));
    says(soaking());
    assertRefused(
        "policy gpu has nothing to retry: its revision "
            + RolloutCase.TARGET
            + " is being rolled out",
        rollout("retry", "gpu"));
    says(rolledBack(""));
    assertRefused(
        "policy gpu has nothing to promote: revision " + RolloutCase.TARGET + " was rolled back",
        rollout("promote", "gpu"));
    cluster.merge(GPU, "{\"spec\":{\"reservation\":{\"cpu\":\"3\"}}}");
    assertRefused(
        "policy gpu has nothing to retry: the controller has not begun with its present generation",
        rollout("retry", "gpu"));
    assertEquals("", request());
  }

  @Test
  void promotionOfAnotherTargetThanWasShownIsNotWritten() {
    RolloutView shown = RolloutCase.view(soaking());
    Promotion promotion = Promotion.of(shown, false);
    assertEquals(
        "Promote step 1 of policy gpu? Then up to 5 of 20 nodes get revision %s."
            .formatted(RolloutCase.TARGET),
        promotion.question());
    JsonObject other = shown.versions().policy().spec().deepCopy();
    other.getAsJsonObject("reservation").addProperty("cpu", "3");
    String message = "";
    promotion.check(shown.versions().policy());
    try {
      promotion.check(shown.versions().policy().withSpec(other));
    } catch (io.nodeqos.cli.command.CommandException e) {
      message = e.getMessage();
    }
    assertTrue(message.startsWith("the target of policy gpu has changed from revision "), message);
  }

  @Test
  void retryIsWrittenOnce() {
    policy(RolloutCase.ROLLOUT);
    says(rolledBack(""));
    Answer first = rollout("retry", "gpu");
    assertEquals(
        "policy gpu: revision " + RolloutCase.TARGET + " is tried again\n",
        first.out(),
        first::error);
    assertEquals("retry=" + RolloutCase.TARGET, request());
    assertTrue(rollout("retry", "gpu").out().contains("already. Nothing was written."));
  }

  /** The controller counts a value once, so it has to see first that the former one is gone. */
  @Test
  void secondRetryWaitsUntilTheFirstIsForgotten() throws Exception {
    policy(RolloutCase.ROLLOUT);
    String retry = "retry=" + RolloutCase.TARGET;
    cluster.merge(
        GPU, "{\"metadata\":{\"annotations\":{\"nodeqos.io/rollout\":\"" + retry + "\"}}}");
    says(rolledBack(retry));
    CompletableFuture<Answer> second = CompletableFuture.supplyAsync(() -> rollout("retry", "gpu"));
    for (int i = 0; i < 500 && !request().isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals("", request(), "the former one is removed first");
    assertFalse(second.isDone());
    says(rolledBack(""));
    assertEquals(0, second.get(20, TimeUnit.SECONDS).exitCode());
    assertEquals(retry, request());
  }

  @Test
  void watchFollowsToTheEnd() throws Exception {
    policy(RolloutCase.ROLLOUT);
    says(soaking());
    StringWriter out = new StringWriter();
    CompletableFuture<Answer> watch =
        CompletableFuture.supplyAsync(
            () -> rollout(out, "status", "gpu", "--watch", "--timeout", "60s"));
    await(out, "It soaks.");
    says(
        RolloutCase.state(
            RolloutPhase.PROGRESSING, "Updating", "One failed.", 2, new Counts(20, 5, 4, 3, 1, 0)));
    await(out, "One failed.");
    says(RolloutCase.complete());
    Answer end = watch.get(20, TimeUnit.SECONDS);
    assertEquals(0, end.exitCode(), end::error);
    List<String> lines = end.out().lines().toList();
    List<String> news = lines.subList(lines.indexOf("It soaks.") + 1, lines.size());
    assertEquals(3, news.size(), end::out);
    assertEquals(
        "2026-02-01T00:09:20Z  node gpu-3 failed (GateClosed): gate images closed", news.get(0));
    assertTrue(
        news.get(1).endsWith("Z  Progressing, 4/5 updated, 3 healthy, 1 failed: One failed."),
        news.get(1));
    assertTrue(news.get(2).contains("Z  Complete, 20/20 updated"), news.get(2));
    assertEquals(
        2,
        cluster.ours("watch", "nodeqospolicies", "").size()
            + cluster.ours("list", "nodeqospolicies", "").size(),
        "one list and one watch");
  }

  @Test
  void watchEndsByTheOutcome() {
    policy(RolloutCase.ROLLOUT);
    says(RolloutCase.state(RolloutPhase.PAUSED, "AwaitsPromotion", "It waits.", 1, ONE));
    assertEquals(3, rollout("status", "gpu", "-w", "--timeout", "20s").exitCode());
    says(rolledBack(""));
    assertEquals(1, rollout("status", "gpu", "-w", "--timeout", "20s").exitCode());
    says(RolloutCase.complete());
    Answer complete = rollout("status", "gpu", "-w", "--timeout", "20s", "-o", "json");
    assertEquals(0, complete.exitCode());
    assertEquals(1, complete.out().lines().count(), "one object a line");
    says(soaking());
    Answer late = rollout("status", "gpu", "-w", "--timeout", "1s");
    assertEquals(5, late.exitCode());
    assertEquals("nodeqos: the rollout of policy gpu has not ended within 1s\n", late.error());
    assertEquals(2, rollout("status", "gpu", "--timeout", "1s").exitCode());
  }

  @Test
  void watchOfADeletedPolicyFails() throws Exception {
    policy(RolloutCase.ROLLOUT);
    says(soaking());
    StringWriter out = new StringWriter();
    CompletableFuture<Answer> watch =
        CompletableFuture.supplyAsync(
            () -> rollout(out, "status", "gpu", "--watch", "--timeout", "60s"));
    await(out, "It soaks.");
    cluster.delete(GPU);
    assertRefused("policy gpu was deleted", watch.get(20, TimeUnit.SECONDS));
  }

  private static void await(StringWriter out, String text) throws InterruptedException {
    for (int i = 0; i < 2_000 && !out.toString().contains(text); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertTrue(out.toString().contains(text), out::toString);
  }
}
