// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.FakeSpinners;
import io.nodeqos.reconcile.LeaderHandler;
import io.nodeqos.reconcile.ToggledFence;
import io.nodeqos.reconcile.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SpinnerReconcilerTest {
  private static final String NAME = "nodeqos-spinner-p";
  private static final String TWO = "{'images': [{'ref': 'example.com/b:1'}]}";
  private static final String ONE = "{'images': [{'ref': 'example.com/a:1'}]}";
  private final FakeSpinners spinners = new FakeSpinners();
  private final ToggledFence fence = new ToggledFence();
  private final FakeTime time = new FakeTime();
  private final ImageProblems problems = new ImageProblems();
  private final RecentEvents events = new RecentEvents(100);
  private final List<String> policiesTold = new ArrayList<>();
  private final PolicyCatalog policies = PolicyFixture.catalog();
  private final WorkerPool.Handler reconciler = reconciler(SpinnerSettings.DEFAULTS);
  private final List<String> specs = new ArrayList<>();
  private final List<PolicyRevision> stored = new ArrayList<>();
  private long generation;

  private WorkerPool.Handler reconciler(SpinnerSettings settings) {
    return new LeaderHandler(
        spinners::synced,
        fence,
        new SpinnerReconciler(
            policies,
            spinners,
            new SpinnerSpecs(settings, "nodeqos-system"),
            new SpinnerWrites(spinners, time.source()),
            new ImageProblemReport(
                problems,
                new EventPublisher(events, policies, fence, time.source()),
                policiesTold::add),
            failures -> Duration.ofSeconds(failures)));
  }

  private void apply(String spec) {
    policies.apply(policy("p", ++generation, PolicyFixture.CREATED, spec));
    specs.add(spec);
    stored.add(PolicyFixture.revision("p", generation, spec));
  }

  private Optional<ImageProblems.Problem> problem() {
    return problems.of(policies.entry("p").orElseThrow().latest().meta());
  }

  private static PolicyObject again(String uid) {
    return new PolicyObject(
        new PolicyObject.Meta("p", uid, "1", 1, PolicyFixture.CREATED, false, List.of()),
        policy("p", ONE).spec(),
        new JsonObject());
  }

  private Outcome handle() {
    return handle(1);
  }

  private Outcome handle(int attempt) {
    fence.open();
    return work(attempt);
  }

  private Outcome work(int attempt) {
    try {
      return reconciler.handle(
          new WorkItem("p", Lane.CHANGE, Trigger.NONE, Duration.ZERO, attempt));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void policyCreatedAgainUnderItsNameOwnsTheDaemonSetAndReportsProblemsAgain() {
    apply(ONE);
    handle();
    policies.apply(again("second"));
    spinners.thenAnswer(new WriteResult.Rejected(403, "no"));
    handle();
    assertEquals(List.of("create " + NAME, "patch " + NAME), spinners.calls());
    assertEquals(1, events.latest().size());

    policies.apply(again("third"));
    assertEquals(Optional.empty(), problem(), "that was of its namesake");
    spinners.thenAnswer(new WriteResult.Rejected(403, "no"));
    handle();
    assertEquals(2, events.latest().size());
    handle();
    assertTrue(spinners.object(NAME).toString().contains("\"uid\":\"third\""));
  }

  @Test
  void daemonSetIsCreatedWithOneWrite() {
    apply(ONE);

    handle();
    handle();
    handle();

    assertEquals(List.of("create " + NAME), spinners.calls());
  }

  @Test
  void labelOfTheImagesThatAnotherWriterHasChangedIsPutBack() {
    apply(ONE);
    handle();
    SpinnerDaemonSet seen = spinners.spinner(NAME).orElseThrow();
    spinners.show(
        new SpinnerDaemonSet(
            seen.name(), seen.uid(), seen.policy(), "garbage", seen.appliedHash(), true, false));
    time.advance(Duration.ofMinutes(1));

    handle();
    handle();

    assertEquals(List.of("create " + NAME, "patch " + NAME), spinners.calls());
    assertEquals(seen, spinners.spinner(NAME).orElseThrow());
  }

  @Test
  void changedListIsOnePatchThatRemovesUnwantedImages() {
    apply("{'images': [{'ref': 'example.com/a:1', 'pullSecrets': ['s']}]}");
    handle();
    apply(ONE);

    handle();
    handle();

    assertEquals(List.of("create " + NAME, "patch " + NAME), spinners.calls());
    JsonObject spec =
        spinners
            .object(NAME)
            .getAsJsonObject("spec")
            .getAsJsonObject("template")
            .getAsJsonObject("spec");
    assertTrue(spec.has("imagePullSecrets") && spec.get("imagePullSecrets").isJsonNull());
    assertFalse(spinners.object(NAME).getAsJsonObject("spec").has("selector"), "it is immutable");
  }

  @Test
  void daemonSetIsDeletedWithTheSectionOrThePolicyOrPullNever() {
    for (String end : List.of("{}", "{'images': [{'ref': 'example.com/a:1', 'pull': 'Never'}]}")) {
      apply(ONE);
      handle();
      apply(end);
      handle();
      handle();
    }
    apply(ONE);
    handle();
    policies.remove("p");
    handle();
    handle();

    assertEquals(
        List.of("create", "delete", "create", "delete", "create", "delete"),
        spinners.calls().stream().map(call -> call.substring(0, 6)).toList());
  }

  @Test
  void invalidPolicyKeepsItsDaemonSet() {
    apply(ONE);
    handle();
    apply("{'images': [{'ref': 'UPPER CASE'}]}");

    handle();

    assertEquals(1, spinners.calls().size());
  }

  /** A changed DaemonSet would pull images on nodes that are frozen in the middle of a pull. */
  @Test
  void suspendedPolicyKeepsItsDaemonSetAsItIs() {
    apply("{'suspend': true, 'images': [{'ref': 'example.com/a:1'}]}");
    assertEquals(Outcome.done(), handle());
    assertEquals(List.of(), spinners.calls());

    apply(ONE);
    handle();
    apply("{'suspend': true, 'images': [{'ref': 'example.com/b:1'}]}");
    handle();
    apply("{'suspend': true}");
    handle();
    assertEquals(List.of("create " + NAME), spinners.calls());

    apply("{'images': [{'ref': 'example.com/b:1'}]}");
    handle();
    assertEquals(List.of("create " + NAME, "patch " + NAME), spinners.calls(), "resumed");
  }

  @Test
  void daemonSetOfASuspendedPolicyIsDeletedWithIt() {
    apply(ONE);
    handle();
    apply("{'suspend': true, 'images': [{'ref': 'example.com/a:1'}]}");
    handle();
    policies.remove("p");
    handle();

    assertEquals(List.of("create " + NAME, "delete " + NAME), spinners.calls());
  }

  @Test
  void staleCacheCausesNoSecondWriteForAWhile() {
    apply(ONE);
    spinners.shows(false);
    handle();

    assertInstanceOf(Outcome.Again.class, handle());
    assertEquals(1, spinners.calls().size());
    time.advance(Duration.ofSeconds(6));
    handle();
    assertEquals(2, spinners.calls().size());
  }

  @Test
  void standbyAndUnfilledCachesWriteNothing() {
    apply(ONE);
    work(1);
    spinners.synced(false);
    assertInstanceOf(Outcome.Again.class, handle());

    assertEquals(List.of(), spinners.calls());
  }

  @Test
  void droppedImageVolumesAreReportedOnceAndRetriedSeldom() {
    apply(ONE);
    spinners.pulls(false);

    handle();
    Outcome.Again again = assertInstanceOf(Outcome.Again.class, handle());
    handle();

    assertEquals(Duration.ofMinutes(10), again.after());
    assertEquals("ImageWarmUpUnsupported", problem().get().reason());
    assertEquals(List.of("p"), policiesTold);
    assertEquals(
        List.of(QosEvent.Type.WRITE_REFUSED),
        events.latest().stream().map(QosEvent::type).toList());
    assertEquals(List.of("create " + NAME), spinners.calls());

    time.advance("11M");
    handle();
    handle();
    assertEquals(List.of("create " + NAME, "patch " + NAME), spinners.calls());

    spinners.pulls(true);
    time.advance("11M");
    handle();
    handle();
    assertTrue(problem().isEmpty(), "the server was updated");
    assertEquals(List.of("p", "p"), policiesTold);
  }

  @Test
  void foreignDaemonSetIsKeptAndNamed() {
    apply(ONE);
    spinners.thenAnswer(new WriteResult.Conflict());
    assertInstanceOf(Outcome.Failed.class, handle());
    assertTrue(problem().isEmpty(), "the cache may be behind");

    spinners.thenAnswer(new WriteResult.Conflict());
    handle(2);

    assertTrue(
        problem().get().message().startsWith("DaemonSet nodeqos-system/" + NAME + " exists"),
        problem().get()::message);
  }

  @Test
  void otherRefusalCarriesTheMessageOfTheServerAndBacksOff() {
    apply(ONE);
    spinners.thenAnswer(new WriteResult.Rejected(403, "HTTP 403: forbidden."));

    assertInstanceOf(Outcome.Failed.class, handle());

    assertEquals("SpinnerRefused", problem().get().reason());
    assertTrue(problem().get().message().contains("403"));
  }

  @Test
  void daemonSetWithAnEarlierPrefixIsDeletedAfterTheNewOneIsCreated() {
    apply(ONE);
    spinners.show(new SpinnerDaemonSet("old-p", "uid", "p", "v", "h", true, false));
    handle();
    spinners.show(new SpinnerDaemonSet("old-p", "uid", "p", "v", "h", true, false));
    handle();

    assertEquals(List.of("create " + NAME, "delete old-p"), spinners.calls());
  }

  @Test
  void changedImagesOfARolloutArePulledByASecondDaemonSet() {
    apply(ONE);
    handle();
    rollout(TWO, 1, "Progressing");
    handle();
    handle();
    String second = second(TWO);
    assertEquals(List.of("create " + NAME, "create " + second), spinners.calls());
    assertEquals(Set.of("p", "p." + second.substring(NAME.length() + 1)), keys());
    assertTrue(second.length() < 80, "a pod's name has five characters more: " + second);

    rollout(TWO, generation, "Complete");
    for (int i = 0; i < 4; i++) {
      handle();
    }
    assertEquals(
        List.of("create " + NAME, "create " + second, "patch " + NAME, "delete " + second),
        spinners.calls());
    assertEquals(Set.of("p"), keys());
  }

  /** Selector, label of the pods, and label of the nodes. */
  private Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    for (SpinnerDaemonSet each : spinners.spinners()) {
      JsonObject spec = spinners.object(each.name()).getAsJsonObject("spec");
      JsonObject template = spec.getAsJsonObject("template");
      String key =
          template
              .getAsJsonObject("spec")
              .getAsJsonObject("nodeSelector")
              .get("nodeqos.io/images")
              .getAsString();
      assertEquals(
          key,
          template
              .getAsJsonObject("metadata")
              .getAsJsonObject("labels")
              .get("nodeqos.io/spinner")
              .getAsString());
      if (spec.has("selector")) {
        assertEquals(
            json("{'matchLabels': {'nodeqos.io/spinner': '" + key + "'}}"), spec.get("selector"));
      }
      assertEquals("p", each.policy());
      keys.add(key);
    }
    return keys;
  }

  @Test
  void secretsAloneAreAnotherSourceForTheTarget() {
    apply(ONE);
    handle();
    rollout("{'images': [{'ref': 'example.com/a:1', 'pullSecrets': ['s']}]}", 1, "Progressing");
    handle();
    assertEquals(2, spinners.calls().size(), "the nodes on the stable revision keep their own");
  }

  @Test
  void targetWithTheSameImagesNeedsNoSecondDaemonSet() {
    apply(ONE);
    handle();
    rollout("{'reservation': {'cpu': '1'}, " + ONE.substring(1), 1, "Progressing");
    handle();
    assertEquals(List.of("create " + NAME), spinners.calls());
  }

  @Test
  void firstImagesOfAPolicyAreThoseOfTheUsualDaemonSet() {
    apply("{}");
    handle();
    rollout(ONE, 1, "Progressing");
    handle();
    rollout(ONE, generation, "Complete");
    handle();
    handle();
    assertEquals(List.of("create " + NAME), spinners.calls());
  }

  @Test
  void imagesThatTheTargetDoesNotWantStayForTheOthers() {
    apply(ONE);
    handle();
    rollout("{}", 1, "Progressing");
    handle();
    assertEquals(List.of("create " + NAME), spinners.calls());
    rollout("{}", generation, "Complete");
    handle();
    assertEquals(List.of("create " + NAME, "delete " + NAME), spinners.calls());
  }

  @Test
  void secondDaemonSetGoesWithTheRollbackAndComesWithTheRetry() {
    apply(ONE);
    handle();
    rollout(TWO, 1, "RollingBack");
    handle();
    rollout(TWO, 1, "RolledBack");
    handle();
    handle();
    rollout(TWO, 1, "Progressing");
    handle();
    assertEquals(
        List.of(
            "create " + NAME,
            "create " + second(TWO),
            "delete " + second(TWO),
            "create " + second(TWO)),
        spinners.calls());
  }

  @Test
  void usualDaemonSetStaysAsItIsWhileTheRecordOfItsVersionIsNotThere() {
    apply(ONE);
    handle();
    stored.clear();
    rollout(TWO, 1, "Progressing");
    handle();
    handle();
    assertEquals(List.of("create " + NAME, "create " + second(TWO)), spinners.calls());
  }

  @Test
  void troubleWithOneDaemonSetDoesNotHoldTheOtherUp() {
    apply(ONE);
    handle();
    spinners.delete(NAME, "");
    time.advance("6S");
    rollout(TWO, 1, "Progressing");
    spinners.thenAnswer(new WriteResult.Rejected(403, "no"));
    assertInstanceOf(Outcome.Failed.class, handle());
    assertEquals("create " + second(TWO), spinners.calls().get(spinners.calls().size() - 1));
    assertEquals("SpinnerRefused", problem().get().reason());
    handle();
    handle();
    assertEquals(Optional.empty(), problem());
  }

  /** The next version of the policy, with the record of its rollout. */
  private void rollout(String spec, long stableGeneration, String phase) {
    stored.forEach(policies::apply);
    PolicyRevision next = PolicyFixture.revision("p", ++generation, spec);
    stored.add(next);
    String stable =
        phase.equals("Complete")
            ? next.revision()
            : PolicyFixture.revision("p", 1, specs.get(0)).revision();
    policies.apply(
        PolicyFixture.withStatus(
            policy(
                "p",
                generation,
                PolicyFixture.CREATED,
                spec.equals("{}") ? "{'rollout': {}}" : "{'rollout': {}, " + spec.substring(1)),
            json(
                "{'rollout': {'stable': '"
                    + stable
                    + "', 'stableGeneration': "
                    + (phase.equals("Complete") ? generation : stableGeneration)
                    + ", 'target': '"
                    + next.revision()
                    + "', 'phase': '"
                    + phase
                    + "'}}")));
  }

  private static String second(String spec) {
    return NAME
        + "."
        + PolicyFixture.catalog(policy("p", spec))
            .snapshot()
            .inForce()
            .get(0)
            .spec()
            .sections()
            .images()
            .orElseThrow()
            .pullSource();
  }

  @Test
  void disabledSpinnerDeletesItsDaemonSets() throws Exception {
    apply(ONE);
    handle();
    apply("{'suspend': true, 'images': [{'ref': 'example.com/a:1'}]}");
    SpinnerSettings d = SpinnerSettings.DEFAULTS;
    reconciler(
            new SpinnerSettings(
                false,
                d.namePrefix(),
                d.pauseImage(),
                d.priorityClass(),
                d.resources(),
                d.maxConcurrentPulls(),
                d.pullTimeout()))
        .handle(new WorkItem("p", Lane.CHANGE, Trigger.NONE, Duration.ZERO, 1));

    assertEquals(List.of("create " + NAME, "delete " + NAME), spinners.calls());
  }
}
