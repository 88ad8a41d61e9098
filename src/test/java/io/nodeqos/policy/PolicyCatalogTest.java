// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.spec.Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyCatalogTest {
  @Test
  void eachPolicyHasTheNumberOfItsOwnLastChange() {
    PolicyCatalog catalog =
        catalog(
            policy("p", "{'reservation': {'cpu': '1'}}"),
            policy("q", "{'reservation': {'cpu': '1'}}"));
    long before = catalog.snapshot().changedAt("p");
    catalog.apply(policy("q", 2, CREATED, "{'reservation': {'cpu': '2'}}"));
    assertEquals(before, catalog.snapshot().changedAt("p"));
    assertEquals(catalog.snapshot().number(), catalog.snapshot().changedAt("q"));
    catalog.apply(PolicyFixture.deleting(policy("p", "{'reservation': {'cpu': '1'}}"), "x.io/y"));
    assertEquals(catalog.snapshot().number(), catalog.snapshot().changedAt("p"));
    catalog.remove("p");
    assertEquals(0, catalog.snapshot().changedAt("p"));
  }

  @Test
  void newPolicyWithRemoveHasNoEffectBeforeItsFinalizer() {
    PolicyCatalog catalog = catalog();
    PolicyObject fresh = policy("p", "{'deletionPolicy': 'Remove', 'images': [{'ref': 'a'}]}");
    catalog.apply(fresh);
    assertFalse(catalog.snapshot().compile(NODE).isManaged());
    assertTrue(catalog.apply(fresh.withFinalizers("11", List.of(Keys.FINALIZER))));
    assertTrue(catalog.snapshot().compile(NODE).isManaged());
  }

  @Test
  void policyInForceStaysInForceWhenChangedToRemove() {
    PolicyCatalog catalog = catalog(policy("p", "{'images': [{'ref': 'a'}]}"));
    catalog.apply(
        policy("p", 2, CREATED, "{'deletionPolicy': 'Remove', 'images': [{'ref': 'a'}]}"));
    assertTrue(catalog.snapshot().compile(NODE).isManaged());
  }

  private static final NodeView NODE = node("n").label("pool", "gpu").build();

  @Test
  void sectionComesFromThePolicyWithTheHighestPriority() {
    PolicyCatalog catalog =
        catalog(
            policy(
                "base", "{'reservation': {'cpu': '1', 'memory': '1Gi'}, 'images': [{'ref': 'a'}]}"),
            policy("gpu", "{'priority': 5, 'reservation': {'cpu': '2'}}"),
            policy(
                "other",
                "{'priority': 9, 'nodeSelector': {'matchLabels': {'pool': 'cpu'}}, 'images': [{'ref': 'b'}]}"));
    CompiledConfig config = catalog.snapshot().compile(NODE);
    assertEquals(Map.of(Section.RESERVATION, "gpu", Section.IMAGES, "base"), config.sources());
    assertEquals(Optional.empty(), config.sections().reservation().get().memory());
    assertEquals(List.of("gpu", "base"), config.matching());
  }

  @Test
  void olderPolicyThenNameWinsAtEqualPriority() {
    PolicyCatalog catalog =
        catalog(
            policy("b", 1, CREATED, "{'reservation': {'cpu': '1'}}"),
            policy("a", 1, CREATED, "{'reservation': {'cpu': '2'}}"),
            policy("z", 1, CREATED.minusSeconds(1), "{'images': []}"));
    assertEquals(
        Map.of(Section.RESERVATION, "a", Section.IMAGES, "z"),
        catalog.snapshot().compile(NODE).sources());
  }

  @Test
  void lastValidVersionStaysInForceAndOtherPoliciesApply() {
    PolicyCatalog catalog = catalog(policy("p", 1, CREATED, "{'reservation': {'cpu': '1'}}"));
    String good = catalog.snapshot().compile(NODE).version();
    assertTrue(catalog.apply(policy("p", 2, CREATED, "{'reservation': {'cpu': 'x'}}")));
    assertTrue(catalog.apply(policy("q", "{'images': [{'ref': 'a'}]}")));
    CompiledConfig config = catalog.snapshot().compile(NODE);
    assertEquals(Map.of(Section.RESERVATION, "p", Section.IMAGES, "q"), config.sources());
    assertNotEquals(good, config.version());
    assertEquals(1, catalog.entry("p").get().problems().size());
    assertEquals(Set.of(), catalog.snapshot().unknown(), "its last good version is known");
  }

  @Test
  void policyThatWasNeverValidHasNoEffectAndIsNamed() {
    PolicyCatalog catalog = catalog(policy("p", "{'priority': 'x'}"));
    assertEquals(CompiledConfig.NONE, catalog.snapshot().compile(NODE));
    assertEquals(Set.of("p"), catalog.snapshot().unknown());
  }

  @Test
  void policyCreatedAgainUnderItsNameHasNoLastValidVersion() {
    PolicyCatalog catalog = catalog(policy("p", "{'reservation': {'cpu': '1'}}"));
    PolicyObject again =
        new PolicyObject(
            new PolicyObject.Meta("p", "another-uid", "20", 1, CREATED, false, List.of()),
            policy("p", "{'priority': 'x'}").spec(),
            policy("p", "{}").status());
    assertTrue(catalog.apply(again));
    assertFalse(catalog.snapshot().compile(NODE).isManaged());
  }

  @Test
  void changeOfTheStatusIsIgnored() {
    PolicyObject policy = policy("p", "{'reservation': {'cpu': '1'}}");
    PolicyCatalog catalog = catalog(policy);
    PolicySnapshot before = catalog.snapshot();
    assertFalse(catalog.apply(policy));
    assertSame(before, catalog.snapshot());
  }

  @Test
  void confirmationIsAChange() {
    PolicyObject policy = policy("p", "{'reservation': {'cpu': '1'}}");
    PolicyCatalog catalog = catalog(policy);
    PolicySnapshot before = catalog.snapshot();
    PolicyObject confirmed =
        new PolicyObject(
            policy.meta(), policy.spec(), policy.status(), "0123456789", policy.rolloutRequest());
    assertTrue(catalog.apply(confirmed));
    assertEquals(before.inForce(), catalog.snapshot().inForce());
    assertEquals(before.inForceSince("p"), catalog.snapshot().inForceSince("p"));
    assertTrue(catalog.snapshot().changedAt("p") > before.number(), "decided again");
    assertFalse(catalog.apply(confirmed.withStatus("11", policy.status())), "our own write");
    assertEquals("0123456789", catalog.entry("p").get().latest().confirm());
    assertTrue(catalog.apply(policy), "taken back");
  }

  @Test
  void nodesWithTheSamePoliciesShareOneCompiledConfig() {
    PolicyCatalog catalog = catalog(policy("p", "{'reservation': {'cpu': '1'}}"));
    assertSame(
        catalog.snapshot().compile(node("a").build()),
        catalog.snapshot().compile(node("b").build()));
  }

  @Test
  void versionIsThatOfTheCanonicalSpec() {
    String version = version("{'reservation': {'cpu': '1000m', 'memory': '1024Mi'}}");
    assertTrue(version.matches("[0-9a-f]{10}"));
    assertEquals(version, version("{'reservation': {'memory': '1Gi', 'cpu': 1}}"));
    assertNotEquals(version, version("{'reservation': {'cpu': '2', 'memory': '1Gi'}}"));
  }

  @Test
  void gatesAreNotPartOfTheVersion() {
    assertEquals("", version("{'warmUp': {'nodeReady': {}}}"));
    assertEquals(
        version("{'images': [{'ref': 'a'}]}"),
        version("{'images': [{'ref': 'a'}], 'warmUp': {'nodeReady': {}}}"));
  }

  @Test
  void suspendedPolicyFreezesOnlyNodesThatItContributesTo() {
    PolicyCatalog catalog =
        catalog(
            policy("winner", "{'priority': 1, 'images': [{'ref': 'a'}]}"),
            policy("loser", "{'suspend': true, 'images': [{'ref': 'b'}]}"));
    assertEquals(Optional.empty(), catalog.snapshot().compile(NODE).suspendedBy());
    catalog.apply(policy("third", "{'suspend': true, 'reservation': {'cpu': '1'}}"));
    assertEquals(Optional.of("third"), catalog.snapshot().compile(NODE).suspendedBy());
  }

  private static String version(String spec) {
    return catalog(policy("p", spec)).snapshot().compile(NODE).version();
  }

  private static final String DRY_RUN =
      "{'dryRun': true, 'priority': 9, 'deletionPolicy': 'Remove', 'reservation': {'cpu': '2'}}";

  @Test
  void dryRunIsNotInForceAndItsDeletionRemovesNothing() {
    PolicyCatalog catalog = catalog(policy("base", "{'reservation': {'cpu': '1'}}"));
    CompiledConfig before = catalog.snapshot().compile(NODE);
    catalog.apply(policy("next", DRY_RUN));

    PolicyCatalog.Entry entry = catalog.entry("next").get();
    assertTrue(entry.dryRun().isPresent());
    assertEquals(Optional.empty(), entry.inForce());
    assertEquals(List.of(), entry.problems());
    assertFalse(entry.removesWhenDeleted());
    assertEquals(Set.of("next"), catalog.snapshot().dryRuns());
    assertEquals(before, catalog.snapshot().compile(NODE));
    assertEquals(Set.of(), catalog.snapshot().unknown(), "no node is frozen by it");

    catalog.apply(PolicyFixture.deleting(policy("next", DRY_RUN), "example.com/other"));
    assertFalse(catalog.snapshot().removals().cleansUp("next", NODE));
    catalog.remove("next");
    assertEquals(before, catalog.snapshot().compile(NODE));
  }

  @Test
  void dryRunGoesLiveAndAPolicyInForceNeverBecomesADryRun() {
    PolicyCatalog catalog = catalog(policy("p", "{'dryRun': true, 'images': [{'ref': 'a'}]}"));
    catalog.apply(policy("p", 2, CREATED, "{'images': [{'ref': 'a'}]}"));
    assertTrue(catalog.snapshot().compile(NODE).isManaged());

    catalog.apply(policy("p", 3, CREATED, "{'dryRun': true, 'images': [{'ref': 'b'}]}"));
    PolicyCatalog.Entry entry = catalog.entry("p").get();
    assertEquals(Optional.empty(), entry.dryRun());
    assertTrue(entry.problems().get(0).startsWith("spec.dryRun: true"), entry::toString);
    assertEquals(List.of("a"), catalog.snapshot().compile(NODE).sections().images().get().refs());
  }

  @Test
  void dryRunThatGoesLiveGoesThroughTheStepsOfItsRollout() {
    PolicyObject evaluated =
        PolicyFixture.withStatus(
            policy("p", "{'dryRun': true, 'reservation': {'cpu': '1'}, 'rollout': {}}"),
            PolicyFixture.json("{'observedGeneration': 1, 'dryRun': {'changed': 1}}"));
    PolicyCatalog catalog = catalog(evaluated);
    catalog.apply(
        evaluated.withSpec(PolicyFixture.json("{'reservation': {'cpu': '1'}, 'rollout': {}}")));

    assertEquals("", catalog.rollout("p").orElseThrow().stable());
    assertEquals("", catalog.snapshot().revision("p", NODE));
    assertEquals(Map.of(), catalog.snapshot().compile(NODE).sources());
  }

  @Test
  void processThatStartsNowKnowsByTheRevisionThatThePolicyWasInForce() {
    PolicyObject now = policy("p", 2, CREATED, "{'dryRun': true, 'images': [{'ref': 'b'}]}");
    PolicyCatalog catalog = catalog(now);
    assertFalse(catalog.snapshot().compile(NODE).isManaged());

    assertTrue(catalog.apply(PolicyFixture.revision("p", 1, "{'images': [{'ref': 'a'}]}")));
    assertEquals(List.of("a"), catalog.snapshot().compile(NODE).sections().images().get().refs());
    assertEquals(Set.of(), catalog.snapshot().dryRuns());
  }

  @Test
  void dryRunWithOurFinalizerHasBeenInForce() {
    PolicyCatalog catalog =
        catalog(policy("p", DRY_RUN).withFinalizers("11", List.of(Keys.FINALIZER)));
    assertFalse(catalog.entry("p").get().problems().isEmpty());
    assertTrue(catalog.entry("p").get().removesWhenDeleted(), "its nodes are cleaned");
  }
}
