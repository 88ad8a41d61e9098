// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.revision;

import com.google.gson.JsonObject;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The policy gpu on its way from generation 1 to generation 2, over three steps and 20 nodes. */
final class RolloutCase {
  static final Instant NOW = CREATED.plusSeconds(600);
  static final String CPU_1 = "{'reservation': {'cpu': '1'}}";
  static final String CPU_2 = "{'reservation': {'cpu': '2', 'countReservedPods': false}%s}";
  static final String ROLLOUT =
      ", 'rollout': {'steps': [{'nodes': 1, 'pause': {}}, {'nodes': '25%'}], 'health': {'for':"
          + " '1m'}}";
  static final String STABLE = revision("gpu", 1, CPU_1).revision();
  static final String TARGET = revision("gpu", 2, CPU_2.formatted("")).revision();
  static final Failure FAILURE =
      new Failure("gpu-3", NOW.minusSeconds(40), "GateClosed", "gate images closed");

  private RolloutCase() {}

  static PolicyObject at2(String more) {
    return policy("gpu", 2, CREATED, CPU_2.formatted(more));
  }

  static RolloutState state(
      RolloutPhase phase, String reason, String message, int step, Counts counts) {
    return new RolloutState(
        phase,
        new Revisions(STABLE, 1, TARGET),
        new Progress(
            step,
            3,
            0,
            NOW.minusSeconds(300),
            NOW.minusSeconds(60),
            phase == RolloutPhase.SOAKING ? Optional.of(NOW.minusSeconds(20)) : Optional.empty()),
        counts,
        counts.failed() > 0 ? List.of(FAILURE) : List.of(),
        reason,
        message,
        "");
  }

  static RolloutState complete() {
    return new RolloutState(
        RolloutPhase.COMPLETE,
        new Revisions(TARGET, 2, TARGET),
        new Progress(3, 3, 0, NOW.minusSeconds(300), NOW.minusSeconds(60), Optional.empty()),
        new Counts(20, 20, 20, 20, 0, 0),
        List.of(),
        "Complete",
        "20 nodes carry revision " + TARGET + ", after 5m.",
        "");
  }

  static JsonObject status(JsonObject rollout, int observedGeneration) {
    JsonObject status = json("{'observedGeneration': %d}".formatted(observedGeneration));
    status.add(RolloutJson.FIELD, rollout);
    return status;
  }

  static PolicyVersions versions(PolicyObject policy) {
    List<PolicyRevision> revisions =
        List.of(
            revision("gpu", 1, CPU_1),
            revision("gpu", 2, policy("gpu", 2, CREATED, CPU_2.formatted("")).spec().toString()));
    return PolicyVersions.of(policy, revisions);
  }

  static RolloutView view(PolicyObject policy) {
    return RolloutView.of(versions(policy));
  }

  static RolloutView view(RolloutState state) {
    return view(at2(ROLLOUT).withStatus("11", status(RolloutJson.json(state), 2)));
  }

  static PolicyObject asking(PolicyObject policy, RolloutRequest request) {
    return new PolicyObject(policy.meta(), policy.spec(), policy.status(), "", request);
  }
}
