// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.qos.WorkerRegistry.Planned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a plug-in worker does, only its own status and its own part of nodes suffer. */
class PluginWorkerTest {
  /** Of workers that hang. */
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /** Of workers that do not, however busy the machine is. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String SPEC = "{'images': [{'ref': 'nginx:1'}]}";

  private final PolicyCatalog policies = catalog(policy("p", SPEC));
  private final MoodyWorker worker = new MoodyWorker("slices");
  private WorkerRegistry workers = registry(worker, PATIENCE);

  @AfterEach
  void stop() {
    worker.release();
    workers.stop();
  }

  @Test
  void workerRunsOnItsOwnThreadFromStartToStop() {
    worker.plans(input -> section("slices", Map.of("count", 3)));
    workers.start();
    workers.updateConfig(policies.snapshot());
    Planned planned = plan();
    workers.status();
    workers.stop();

    assertEquals(Map.of("count", 3), planned.config().get("slices"));
    assertTrue(planned.config().containsKey("images"), "after those of this program");
    assertTrue(planned.retained().isEmpty());
    assertEquals(List.of("name", "start", "updateConfig", "plan", "status", "stop"), worker.called);
    assertEquals(1, Set.copyOf(worker.threads).size());
    assertTrue(worker.threads.get(0).isDaemon());
    assertFalse(worker.threads.contains(Thread.currentThread()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "updateConfig", "plan", "status"})
  void exceptionChangesOnlyTheStatusOfItsWorker(String method) {
    worker.throwIn(method);
    workers.start();
    workers.updateConfig(policies.snapshot());
    Planned planned = plan();

    assertEquals(List.of(), planned.failed(), "the node does not stay as it is");
    assertTrue(planned.config().containsKey("images"));
    await(() -> !status("slices").healthy() || status("slices").failures() > 0);
    assertTrue(status("image").healthy());
  }

  @Test
  void hangingWorkerIsNotCalledAgainAndRecoversWhenItReturns() {
    impatient();
    workers.start();
    plan();
    worker.hangIn("plan");

    Planned planned = plan();
    long callsThen = worker.calls("plan");
    for (int i = 0; i < 1_000; i++) {
      planned = plan();
    }
    workers.updateConfig(policies.snapshot());
    workers.updateConfig(policies.snapshot());

    assertTrue(planned.config().containsKey("images"));
    assertFalse(planned.retained().isEmpty());
    assertEquals(callsThen, worker.calls("plan"), "it is not called while it hangs");
    String error = status("slices").error().orElse("");
    assertTrue(error.startsWith("plan hangs: it has not returned for"), error);
    assertTrue(error.contains("the deadline is 1s"), error);
    assertEquals(WorkerStatus.State.RUNNING, status("slices").state());

    worker.release();
    await(() -> plan().retained().isEmpty());
    assertTrue(status("slices").healthy());
    assertEquals(1, worker.calls("updateConfig"), "the latest policies, once");
    assertEquals(1, Set.copyOf(worker.threads).size(), "no thread was added");
  }

  @Test
  void callersWaitForAHangingWorkerOnlyOnce() throws Exception {
    impatient();
    workers.start();
    worker.hangIn("plan");
    ExecutorService reconcilers = Executors.newFixedThreadPool(32);
    try {
      List<Future<?>> done = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 32 * 50; i++) {
        done.add(reconcilers.submit(this::plan));
      }
      for (Future<?> one : done) {
        one.get(60, TimeUnit.SECONDS);
      }
      long took = System.nanoTime() - start;
      // Fifty turns of each would be fifty seconds.
      assertTrue(took < DEADLINE.toNanos() * 25, "took " + Duration.ofNanos(took));
    } finally {
      reconcilers.shutdownNow();
    }
    assertEquals(1, worker.calls("plan"));
  }

  @Test
  void workerThatOverrunsRepeatedlyIsPaused() {
    impatient();
    workers.start();
    String error = "";
    // The first pauses may be over before this test has looked.
    for (int round = 0; round < 6 && !error.contains("times in a row"); round++) {
      long before = worker.calls("plan");
      worker.hangIn("plan");
      await(
          () -> {
            plan();
            return worker.calls("plan") > before;
          });
      worker.release();
      await(() -> status("slices").error().filter(e -> e.contains("hangs")).isEmpty());
      error = status("slices").error().orElse("");
    }
    assertTrue(error.contains("times in a row; it is not called for a while"), error);
    await(() -> plan().retained().isEmpty());
    assertTrue(status("slices").healthy());
  }

  @Test
  void policyUpdateDoesNotWaitForTheWorker() {
    impatient();
    workers.start();
    worker.hangIn("updateConfig");
    workers.updateConfig(policies.snapshot());
    await(() -> worker.calls("updateConfig") == 1);
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      workers.updateConfig(policies.snapshot());
    }
    assertTrue(System.nanoTime() - start < DEADLINE.toNanos() * 50);
    await(() -> status("slices").error().orElse("").startsWith("updateConfig hangs"));
    assertEquals(1, worker.calls("updateConfig"));
    worker.release();
    await(() -> worker.calls("updateConfig") == 2);
  }

  @Test
  void slowStartSucceeds() {
    impatient();
    worker.hangIn("start");
    workers.start();
    workers.updateConfig(policies.snapshot());
    assertEquals(WorkerStatus.State.NEW, status("slices").state());
    assertFalse(status("slices").healthy());
    assertFalse(plan().retained().isEmpty());

    worker.release();
    await(() -> status("slices").healthy());
    await(() -> worker.calls("updateConfig") == 1);
    assertTrue(plan().retained().isEmpty());
  }

  @Test
  void stopDoesNotWaitForAHangingWorker() {
    impatient();
    workers.start();
    worker.hangIn("plan");
    plan();
    workers.stop();
    assertEquals(0, worker.calls("stop"));
    assertEquals(WorkerStatus.State.STOPPED, status("slices").state());
  }

  @Test
  void contributionsWithoutAnotherKnownOwnerStayWhileAWorkerIsSilent() {
    workers.stop();
    MoodyWorker other =
        new MoodyWorker("zebra")
            .plans(
                input ->
                    input.node().name().equals("striped")
                        ? contribution("stripes", "nodeqos.io/stripes-cpu")
                        : Contribution.NONE);
    workers =
        WorkerRegistry.of(
            List.of(new ImageWorker()),
            List.of(candidate(other), candidate(worker)),
            new PluginSettings(Optional.empty(), PATIENCE),
            WorkerObserver.NONE);
    workers.start();
    plan();
    RetainedContributions kept = planAfterThrowing();
    assertAll(
        "it has answered, but its earlier contributions to nodes are unknown",
        () -> assertTrue(kept.keepsSection("slices")),
        () -> assertTrue(kept.keepsResource("nodeqos.io/slices-cpu")),
        () -> assertTrue(kept.keepsSection("stripes")));

    workers.plan(WorkerInputFixture.input("striped", SPEC));
    RetainedContributions later = plan().retained();
    assertAll(
        () -> assertFalse(later.keepsSection("stripes")),
        () -> assertFalse(later.keepsResource("nodeqos.io/stripes-cpu")),
        () -> assertTrue(later.keepsSection("slices")));

    other.throwIn("plan");
    assertTrue(plan().retained().keepsSection("stripes"), "now its worker is silent as well");
    other.release();
    worker.release();
    assertFalse(plan().retained().keepsSection("slices"), "no worker is silent");
  }

  @Test
  void onlyAHangingStartMayAnswerLater() {
    worker.throwIn("plan");
    workers.start();
    assertTrue(plan().retained().mayAnswerLater());
    workers.stop();

    worker.throwIn("start");
    workers = registry(worker, PATIENCE);
    workers.start();
    RetainedContributions kept = plan().retained();
    assertTrue(kept.keepsSection("slices"));
    assertFalse(kept.mayAnswerLater());

    impatient();
    worker.hangIn("start");
    workers.start();
    assertTrue(plan().retained().mayAnswerLater());
  }

  private static Contribution contribution(String section, String resource) {
    return new Contribution(Map.of(section, 1), Map.of(resource, Quantity.of(2)), Optional.empty());
  }

  private RetainedContributions planAfterThrowing() {
    worker.throwIn("plan");
    return plan().retained();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void contributionWithAForbiddenPartIsRefusedAsAWhole(Contribution contribution, String why) {
    worker.plans(input -> contribution);
    workers.start();
    Planned planned = plan();
    assertEquals(Set.of("images"), planned.config().keySet());
    assertEquals(Map.of(), planned.extendedResources());
    assertEquals(List.of("docker.io/library/nginx:1"), planned.config().get("images"));
    assertEquals(Optional.of("plan: " + why), status("slices").error());
  }

  static List<Object[]> refused() {
    Map<String, Object> deep = new HashMap<>();
    deep.put("a", deep);
    return List.of(
        new Object[] {
          section("quota", Map.of()), "it must not write the section quota, which is built in"
        },
        new Object[] {
          section("version", "0"), "it must not write the section version, which is built in"
        },
        new Object[] {
          section("images", List.of()), "it must not write the section images, which is built in"
        },
        new Object[] {
          section("a b", 1),
          "section \"a b\" is not allowed; allowed are a letter and at most 62 letters, digits and"
              + " dashes"
        },
        new Object[] {
          section("a", 1.5),
          "section a has a value that is not allowed; allowed are maps, lists, strings, whole"
              + " numbers, true and false"
        },
        new Object[] {
          section("a", Map.of("b", new Object())),
          "section a.b has a value that is not allowed; allowed are maps, lists, strings, whole"
              + " numbers, true and false"
        },
        new Object[] {section("a", Map.of(1, 2)), "section a has a key that is not a string"},
        new Object[] {
          section("a", deep), "section a" + ".a".repeat(16) + " is nested more than 16 levels deep"
        },
        new Object[] {
          section("a", "x".repeat(17_000)),
          "with its sections the configuration has 17146 bytes; at most 16384 are allowed"
        },
        new Object[] {
          resource("nvidia.com/gpu", "1"),
          "resource \"nvidia.com/gpu\" is not allowed; allowed are nodeqos.io/NAME-cpu and"
              + " nodeqos.io/NAME-memory"
        },
        new Object[] {
          resource("cpu", "1"),
          "resource \"cpu\" is not allowed; allowed are nodeqos.io/NAME-cpu and"
              + " nodeqos.io/NAME-memory"
        },
        new Object[] {
          resource("nodeqos.io/a b-cpu", "1"),
          "resource \"nodeqos.io/a b-cpu\" is not allowed; allowed are nodeqos.io/NAME-cpu and"
              + " nodeqos.io/NAME-memory"
        },
        new Object[] {
          resource("nodeqos.io/a-cpu", "1500m"),
          "resource nodeqos.io/a-cpu is 1500m; allowed is a whole number, zero or more"
        },
        new Object[] {
          resource("nodeqos.io/a-cpu", "-1"),
          "resource nodeqos.io/a-cpu is -1; allowed is a whole number, zero or more"
        },
        new Object[] {
          new Contribution(Map.of(), Map.of(), Optional.of(Resources.NONE)),
          "it must not set the reservation, which belongs to a built-in worker"
        });
  }

  @Test
  void contributionThatConflictsWithAnotherWorkerIsRefused() {
    workers.stop();
    MoodyWorker other =
        new MoodyWorker("zebra").plans(input -> section("slices", Map.of("mine", true)));
    worker.plans(
        input ->
            new Contribution(
                Map.of("slices", 1),
                Map.of("nodeqos.io/gold-cpu", Quantity.of(1)),
                Optional.empty()));
    workers =
        WorkerRegistry.of(
            List.of(new ZumWorker()),
            List.of(candidate(other), candidate(worker)),
            new PluginSettings(Optional.empty(), PATIENCE),
            WorkerObserver.NONE);
    workers.start();

    Planned planned =
        workers.plan(
            input("{'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '2'}}]}}"));

    assertEquals(Map.of("nodeqos.io/gold-cpu", Quantity.of(2000)), planned.extendedResources());
    assertEquals(
        Optional.of("plan: another worker advertises the resource nodeqos.io/gold-cpu"),
        status("slices").error());
    assertEquals(Map.of("mine", true), planned.config().get("slices"), "it is refused as a whole");
    assertTrue(status("zebra").healthy());
  }

  @Test
  void laterChangesOfTheWorkersMapAreNotWritten() {
    Map<String, Object> values = new HashMap<>(Map.of("b", 1, "a", 2));
    worker.plans(input -> section("slices", values));
    workers.start();
    Planned planned = plan();
    values.clear();
    assertEquals("{b=1, a=2}".length(), planned.config().get("slices").toString().length());
    assertEquals("{a=2, b=1}", planned.config().get("slices").toString(), "sorted as well");
  }

  @ParameterizedTest
  @CsvSource({
    "image, 'its name \"image\" belongs to another worker'",
    "Slices, 'its name \"Slices\" is not allowed'",
    "'', 'its name \"\" is not allowed'"
  })
  void workerWithAForbiddenNameIsNotLoaded(String name, String why) {
    workers.stop();
    workers = registry(new MoodyWorker(name), PATIENCE);
    workers.start();
    WorkerStatus status = status("test/MoodyWorker");
    assertEquals(WorkerStatus.State.FAILED, status.state());
    assertTrue(status.error().orElse("").startsWith("start: " + why), status::toString);
    assertTrue(plan().config().containsKey("images"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hang", "throw"})
  void workerWithAHangingOrThrowingConstructorIsNotLoaded(String mood) {
    workers.stop();
    MoodyWorker bad = new MoodyWorker("bad");
    WorkerRegistry made =
        registry(mood.equals("hang") ? bad.hangIn("name") : bad.throwIn("name"), DEADLINE);
    made.start();
    WorkerStatus status = made.status().get(1);
    assertEquals("test/MoodyWorker", status.name());
    assertEquals(WorkerStatus.State.FAILED, status.state());
    String error = status.error().orElse("");
    assertTrue(error.startsWith("start: constructor"), error);
    bad.release();
    made.stop();
  }

  private void impatient() {
    workers.stop();
    worker.threads.clear();
    workers = registry(worker, DEADLINE);
  }

  private static WorkerRegistry registry(MoodyWorker plugin, Duration deadline) {
    return WorkerRegistry.of(
        List.of(new ImageWorker()),
        List.of(candidate(plugin)),
        new PluginSettings(Optional.empty(), deadline),
        WorkerObserver.NONE);
  }

  private static Plugins.Candidate candidate(MoodyWorker worker) {
    return new Plugins.Candidate(
        "test/MoodyWorker", PluginWorkerTest.class.getClassLoader(), () -> worker);
  }

  private static Contribution section(String name, Object value) {
    return new Contribution(Map.of(name, value), Map.of(), Optional.empty());
  }

  private static Contribution resource(String name, String amount) {
    return new Contribution(Map.of(), Map.of(name, Quantity.parse(amount)), Optional.empty());
  }

  private Planned plan() {
    return workers.plan(input(SPEC));
  }

  private static WorkerInput input(String spec) {
    return WorkerInputFixture.input("n", spec);
  }

  private WorkerStatus status(String name) {
    return workers.status().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within a minute");
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
