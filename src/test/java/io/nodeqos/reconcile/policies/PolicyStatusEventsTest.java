// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.ToggledFence;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyStatusEventsTest {
  private static final String DRY_RUN =
      """
      {"observedGeneration": 1, "conditions": [
        {"type": "Valid", "status": "True", "reason": "DryRun", "message": "A dry run."},
        {"type": "DryRun", "status": "True", "reason": "Evaluated", "message": "No node."}]}
      """;
  private static final String IN_FORCE =
      """
      {"observedGeneration": 2, "conditions": [
        {"type": "Valid", "status": "True", "reason": "Valid", "message": "In force."}]}
      """;

  private final PolicyCatalog policies = PolicyFixture.catalog(policy("p", "{}"));
  private final RecentEvents events = new RecentEvents(10);
  private final ToggledFence fence = new ToggledFence();
  private final PolicyStatusEvents reports =
      new PolicyStatusEvents(new EventPublisher(events, policies, fence, new FakeTime().source()));

  @Test
  void aDryRunThatComesInForceIsAnEvent() {
    fence.open();
    written("{}", DRY_RUN);
    written(DRY_RUN, DRY_RUN);
    written(DRY_RUN, IN_FORCE);
    written(IN_FORCE, IN_FORCE);

    assertEquals(
        List.of("A dry run.", "In force."),
        events.latest().stream()
            .filter(event -> event.type() == Type.POLICY_VALID)
            .map(QosEvent::message)
            .toList());
  }

  private void written(String before, String after) {
    reports.written(policies.entry("p").orElseThrow(), json(before), json(after), Optional.empty());
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
