// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.PreviewFixture;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.time.TimeSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PlanViewTest {
  private static final String BODY = PreviewFixture.document("base", "{reservation: {cpu: 500m}}");

  private final FakeTime time = new FakeTime();
  private final PreviewFixture cluster = new PreviewFixture().node(node("a")).node(node("b"));
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private boolean synced = true;

  private PlanView view() {
    return new PlanView(
        new LivePlanner(
            PolicyFixture.catalog(PolicyFixture.policy("old", "{'priority': 3}")),
            this::planner,
            new SpinnerSpecs(SpinnerSettings.DEFAULTS, "nodeqos-system"),
            () -> ReconcileSettings.DEFAULTS,
            () -> 500,
            time.source()),
        () -> synced);
  }

  private FleetPlanner planner(PolicyCatalog policies, TimeSource now) {
    return FleetPlanner.of(
        SnapshotCluster.of(cluster.snapshot()),
        policies,
        ReconcileSettings.DEFAULTS,
        SpinnerSettings.DEFAULTS,
        now);
  }

  private static Request request(String accept, String body, Map<String, String> query) {
    return new Request("/plan", query, accept, "", body);
  }

  @Test
  void textWithoutAnAcceptHeader() {
    Response response = view().answer(request("*/*", BODY, Map.of()));

    assertEquals(200, response.status());
    assertEquals("3", response.headers().get("Nodeqos-Exit-Code"));
    assertTrue(response.body().startsWith("policy base: new\n"), response.body());
    assertTrue(response.body().contains("a replica does not ask"), response.body());
  }

  @Test
  void jsonForAClientThatAcceptsIt() {
    Response response = view().answer(request("application/json", BODY, Map.of()));

    JsonObject plan = JsonParser.parseString(response.body()).getAsJsonObject();
    assertEquals("Plan", plan.get("kind").getAsString());
    assertEquals(2, plan.get("changed").getAsInt());
  }

  @Test
  void deletionsNeedNoBody() {
    Response response = view().answer(request("", "", Map.of("delete", "old")));

    assertTrue(response.body().startsWith("policy old: deleted"), response.body());
  }

  @Test
  void mistakesAreSentences() {
    Response response = view().answer(request("", "kind: Pod", Map.of()));

    assertEquals(400, response.status());
    assertEquals("2", response.headers().get("Nodeqos-Exit-Code"));
    assertTrue(response.body().contains("the body: the object is a Pod"), response.body());
    assertTrue(
        view()
            .answer(request("", "kind: Pod", Map.of("origin", "gpu.yaml")))
            .body()
            .contains("gpu.yaml: the object is a Pod"));
    assertEquals(400, view().answer(request("", "", Map.of())).status());
    assertEquals(400, view().answer(request("", BODY, Map.of("x", "y"))).status());
  }

  @Test
  void nothingIsPlannedBeforeTheCachesAreFilled() {
    synced = false;

    assertEquals(503, view().answer(request("", BODY, Map.of())).status());
  }

  @Test
  void onePlanAtATime() throws InterruptedException {
    PlanView view =
        new PlanView(
            new LivePlanner(
                PolicyFixture.catalog(),
                (policies, now) -> {
                  started.countDown();
                  try {
                    goOn.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return planner(policies, now);
                },
                new SpinnerSpecs(SpinnerSettings.DEFAULTS, "nodeqos-system"),
                () -> ReconcileSettings.DEFAULTS,
                () -> 500,
                time.source()),
            () -> true);
    CompletableFuture<Response> first =
        CompletableFuture.supplyAsync(() -> view.answer(request("", BODY, Map.of())));
    started.await();

    Response second = view.answer(request("", BODY, Map.of()));
    assertEquals(429, second.status());
    goOn.countDown();
    assertEquals(200, first.join().status());
    assertEquals(200, view.answer(request("", BODY, Map.of())).status());
  }
}
