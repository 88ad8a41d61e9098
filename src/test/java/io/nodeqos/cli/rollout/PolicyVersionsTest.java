// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.revision;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.policy.Completion;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyVersionsTest {
  private static final String CPU_1 = "{'reservation': {'cpu': '1'}}";
  private static final String CPU_2 = "{'reservation': {'cpu': '2'}}";
  private static final String CPU_2_LATER = "{'priority': 5, 'reservation': {'cpu': '2'}}";
  private static final String DRY_RUN = "{'dryRun': true, 'reservation': {'cpu': '3'}}";

  private static PolicyObject at(long generation, String spec) {
    return policy("p", generation, CREATED, spec);
  }

  private static PolicyVersions versions(PolicyObject present, PolicyRevision... revisions) {
    return PolicyVersions.of(present, List.of(revisions));
  }

  private static List<String> text(PolicyVersions versions) {
    return new VersionsText(TextFormat.plain(), CREATED.plus(Duration.ofDays(3))).lines(versions);
  }

  private static PolicyObject invalid(PolicyObject policy, long observed) {
    return policy.withStatus(
        "9",
        JsonParser.parseString(
                """
                {"conditions": [{"type": "Valid", "status": "False", "message": "It is wrong.",
                  "observedGeneration": %d}]}"""
                    .formatted(observed))
            .getAsJsonObject());
  }

  @Test
  void presentSpecIsInForceOnceItIsRecorded() {
    PolicyRevision first = revision("p", 1, CPU_1);
    PolicyRevision second = revision("p", 2, CPU_2);

    PolicyVersions recorded = versions(at(2, CPU_2), second, first);
    assertEquals(Optional.of(second), recorded.inForce());
    assertEquals(
        List.of(
            "REVISION   HASH         RECORDED   STATE      RESULT   CHANGES",
            "       1   2497c38919   3d ago                         reservation",
            "       2   07b985bb4f   3d ago     in force            reservation.cpu 1 -> 2"),
        text(recorded));

    PolicyVersions notYet = versions(at(2, CPU_2), first);
    assertFalse(notYet.isRecorded());
    assertEquals(Optional.empty(), notYet.inForce());
    assertEquals("Generation 2 is not recorded yet.", text(notYet).get(2));
  }

  @Test
  void lastValidVersionOfAnInvalidPolicyIsInForce() {
    PolicyRevision first = revision("p", 1, CPU_1);
    PolicyVersions versions = versions(invalid(at(2, "{'reservation': 'x'}"), 2), first);
    assertEquals(Optional.of(first), versions.inForce());
    assertEquals(
        "Generation 2 is not valid: It is wrong. Revision 1 stays.", text(versions).get(2));
    assertEquals(
        Optional.empty(),
        versions(invalid(at(3, CPU_2), 2), first).problem(),
        "the controller has not seen generation 3");
  }

  @Test
  void dryRunPutsNoRevisionInForce() {
    PolicyVersions versions = versions(at(2, DRY_RUN), revision("p", 1, CPU_1));
    assertEquals(Optional.empty(), versions.inForce());
    assertEquals("Generation 2 is a dry run, and no revision is in force.", text(versions).get(2));
  }

  @Test
  void revisionsOfOthersDoNotCount() {
    PolicyRevision own = revision("p", 1, CPU_1);
    PolicyRevision changed =
        new PolicyRevision(
            own.name(),
            "x",
            "p",
            own.policyUid(),
            2,
            own.spec(),
            own.createdAt(),
            Completion.UNKNOWN);
    PolicyRevision formerPolicy =
        new PolicyRevision(
            own.name(), "x", "p", "other-uid", 1, own.spec(), own.createdAt(), Completion.UNKNOWN);
    assertEquals(
        List.of(own),
        versions(at(2, CPU_2), own, changed, formerPolicy, revision("q", 1, CPU_1)).revisions());
  }

  @Test
  void previousIsTheNewestRevisionWithOtherSections() {
    PolicyRevision first = revision("p", 1, CPU_1);
    PolicyRevision second = revision("p", 2, CPU_2);
    PolicyRevision third = revision("p", 3, CPU_2_LATER);
    assertEquals(Optional.of(first), versions(at(3, CPU_2_LATER), first, second, third).previous());
    assertEquals(Optional.empty(), versions(at(3, CPU_2_LATER), second, third).previous());
  }

  @Test
  void undoRestoresSectionsAndNothingElse() {
    JsonObject present =
        at(
                4,
                "{'priority': 9, 'suspend': true, 'quota': {'classes': []}, 'reservation': {'cpu':"
                    + " '2'}}")
            .spec();
    JsonObject undone = PolicyVersions.undone(present, revision("p", 1, CPU_1));
    assertEquals(
        at(4, "{'priority': 9, 'suspend': true, 'reservation': {'cpu': '1'}}").spec(), undone);
    assertTrue(present.has("quota"), "the present spec is not changed");
  }
}
