// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.revision;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.spec.DeletionPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A process that has not seen a policy valid knows its last valid version by revisions. */
class PolicyRevisionTest {
  private static final NodeView NODE = node("n").label("pool", "gpu").build();
  private static final String INVALID = "{'reservation': {'cpu': 'much'}}";
  private static final String GOOD =
      "{'priority': 7, 'suspend': true, 'deletionPolicy': 'Remove', 'reservation': {'cpu': '1'},"
          + "'nodeSelector': {'matchLabels': {'pool': 'gpu'}}}";

  @Test
  void lastRevisionOfAnInvalidPolicyIsInForceAfterTheStart() {
    PolicyCatalog catalog = catalog();
    catalog.apply(revision("p", 1, "{'reservation': {'cpu': '3'}}"));
    catalog.apply(revision("p", 2, GOOD));
    catalog.apply(policy("p", 3, CREATED, INVALID).withFinalizers("11", held()));

    NodeQoSPolicy inForce = catalog.snapshot().inForce().get(0);
    assertEquals(2, inForce.meta().generation());
    assertEquals(7, inForce.spec().priority());
    assertTrue(inForce.spec().suspend());
    assertEquals(DeletionPolicy.REMOVE, inForce.spec().deletionPolicy());
    assertFalse(inForce.selects(node("cpu-node").build()));
    assertEquals(Optional.of("p"), catalog.snapshot().compile(NODE).suspendedBy());
    assertEquals(1, catalog.entry("p").orElseThrow().problems().size());
    assertEquals(Set.of(), catalog.snapshot().unknown());
  }

  private static List<String> held() {
    return List.of(Keys.FINALIZER);
  }

  @Test
  void revisionAppliesWhenItsCacheIsFilledAfterThatOfPolicies() {
    PolicyCatalog catalog = catalog(policy("p", 3, CREATED, INVALID));
    assertFalse(catalog.snapshot().compile(NODE).isManaged());

    assertTrue(catalog.apply(revision("p", 2, "{'reservation': {'cpu': '1'}}")));
    assertTrue(catalog.snapshot().compile(NODE).isManaged());
    assertFalse(catalog.apply(revision("p", 1, "{'images': []}")), "an older one changes nothing");
    assertEquals(2, catalog.snapshot().inForce().get(0).meta().generation());
  }

  @Test
  void revisionOfAValidPolicyChangesNothing() {
    PolicyCatalog catalog = catalog(policy("p", 2, CREATED, "{'images': [{'ref': 'a'}]}"));
    PolicySnapshot before = catalog.snapshot();
    assertFalse(catalog.apply(revision("p", 1, "{'reservation': {'cpu': '1'}}")));
    assertEquals(before, catalog.snapshot());
  }

  @Test
  void newerSeenVersionWinsOverARevision() {
    PolicyCatalog catalog = catalog(policy("p", 4, CREATED, "{'reservation': {'cpu': '4'}}"));
    catalog.apply(revision("p", 2, "{'reservation': {'cpu': '2'}}"));
    catalog.apply(policy("p", 5, CREATED, INVALID));
    assertEquals(4, catalog.snapshot().inForce().get(0).meta().generation());

    catalog.apply(policy("p", 9, CREATED, INVALID));
    assertTrue(
        catalog.apply(revision("p", 8, "{'reservation': {'cpu': '8'}}")),
        "another leader saw a version that this process did not");
    assertEquals(8, catalog.snapshot().inForce().get(0).meta().generation());
  }

  @Test
  void invalidVersionDoesNotChangeTheVersionInForce() {
    PolicyCatalog catalog =
        catalog(policy("p", 1, CREATED, "{'warmUp': {'taintKey': 'nodeqos.io/a'}}"));
    catalog.apply(policy("p", 2, CREATED, "{'warmUp': {'taintKey': 'nodeqos.io/b'}}"));
    long since = catalog.snapshot().inForceSince("p");
    catalog.apply(policy("p", 3, CREATED, INVALID));
    catalog.apply(policy("p", 4, CREATED, INVALID));
    assertEquals(since, catalog.snapshot().inForceSince("p"), "nodes have been decided with it");
  }

  /** The leader writes it after the status. */
  @Test
  void revisionOfTheVersionInForceChangesNothing() {
    String spec = "{'warmUp': {'taintKey': 'nodeqos.io/a'}}";
    PolicyObject created = policy("p", 1, CREATED, spec);
    PolicyCatalog catalog = catalog(created);
    PolicySnapshot before = catalog.snapshot();
    catalog.apply(created.withStatus("77", created.status()));
    assertFalse(catalog.apply(revision("p", 1, spec)));
    assertSame(before, catalog.snapshot());
  }

  @Test
  void deletedRevisionChangesNothing() {
    PolicyCatalog catalog = catalog();
    PolicyRevision only = revision("p", 1, "{'reservation': {'cpu': '1'}}");
    catalog.apply(only);
    catalog.apply(policy("p", 2, CREATED, INVALID));
    catalog.remove(only);
    catalog.apply(policy("p", 3, CREATED, INVALID));
    assertTrue(catalog.snapshot().compile(NODE).isManaged());
    assertEquals(List.of(), catalog.revisions("p"));
  }

  @Test
  void revisionOfADeletedPolicyDoesNotApplyToItsNamesake() {
    PolicyCatalog catalog = catalog();
    PolicyRevision old = revision("p", 1, "{'reservation': {'cpu': '1'}}");
    catalog.apply(
        new PolicyRevision(
            PolicyRevision.of(
                    new NodeQoSPolicy(
                        new PolicyObject.Meta(
                            "p", "uid-of-before", "1", 1, CREATED, false, List.of()),
                        null,
                        old.spec(),
                        Set.of(),
                        ""))
                .name(),
            "r",
            "p",
            "uid-of-before",
            1,
            old.spec(),
            CREATED,
            Completion.UNKNOWN));
    catalog.apply(policy("p", 2, CREATED, INVALID));
    assertFalse(catalog.snapshot().compile(NODE).isManaged());
    assertEquals(Set.of("p"), catalog.snapshot().unknown());
  }

  @Test
  void editedRevisionIsIgnored() {
    PolicyRevision good = revision("p", 1, "{'reservation': {'cpu': '1'}}");
    PolicyRevision renumbered =
        new PolicyRevision(
            good.name(), "r", "p", good.policyUid(), 2, good.spec(), CREATED, Completion.UNKNOWN);
    PolicyRevision rewritten =
        new PolicyRevision(
            good.name(),
            "r",
            "p",
            good.policyUid(),
            1,
            json("{'images': []}"),
            CREATED,
            Completion.UNKNOWN);
    PolicyRevision empty =
        new PolicyRevision(
            good.name(),
            "r",
            "p",
            good.policyUid(),
            1,
            new JsonObject(),
            CREATED,
            Completion.UNKNOWN);
    PolicyRevision adopted =
        new PolicyRevision(
            good.name(), "r", "p", "uid-q", 1, good.spec(), CREATED, Completion.UNKNOWN);
    for (PolicyRevision changed : List.of(renumbered, rewritten, empty, adopted)) {
      PolicyCatalog catalog = catalog(policy("p", 3, CREATED, INVALID));
      assertFalse(changed.isIntact(), changed.toString());
      assertFalse(catalog.apply(changed), changed.toString());
      assertFalse(catalog.snapshot().compile(NODE).isManaged(), changed.toString());
    }
    assertTrue(good.isIntact());
  }

  @Test
  void refusedRevisionDoesNotFallBackToAnOlderOne() {
    PolicyCatalog catalog = catalog(policy("p", 3, CREATED, INVALID));
    catalog.apply(revision("p", 2, "{'priority': 'accepted by an earlier version'}"));
    catalog.apply(revision("p", 1, "{'reservation': {'cpu': '1'}}"));

    assertFalse(catalog.snapshot().compile(NODE).isManaged());
    List<String> problems = catalog.entry("p").orElseThrow().problems();
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(
        problems
            .get(1)
            .startsWith(
                "generation 2, the last valid one, is invalid for this version of the"
                    + " controller: spec.priority: "),
        problems.toString());
  }

  @Test
  void nameDependsOnTheVersionAndNotOnTheNotation() {
    String name = revision("p", 1, "{'priority': 1, 'images': [{'ref': 'a'}]}").name();
    assertTrue(name.matches("p-[0-9a-f]{10}"), name);
    assertEquals(name, revision("p", 1, "{'images': [{'ref': 'a'}], 'priority': 1}").name());
    assertEquals(
        name, revision("p", 1, "{'images': [{'ref': 'a'}], 'priority': 1, 'quota': null}").name());
    assertNotEquals(name, revision("p", 2, "{'images': [{'ref': 'a'}], 'priority': 1}").name());
    assertNotEquals(name, revision("p", 1, "{'images': [{'ref': 'b'}], 'priority': 1}").name());
  }
}
