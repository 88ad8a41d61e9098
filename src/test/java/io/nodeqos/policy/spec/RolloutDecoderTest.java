// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutSpec.Condition;
import io.nodeqos.policy.rollout.RolloutSpec.Health;
import io.nodeqos.policy.rollout.RolloutSpec.NewNodes;
import io.nodeqos.policy.rollout.RolloutSpec.OnFailure;
import io.nodeqos.policy.rollout.RolloutSpec.Pause;
import io.nodeqos.policy.rollout.RolloutSpec.Step;
import io.nodeqos.policy.rollout.Share;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutDecoderTest {
  private final PolicyDecoder decoder = new PolicyDecoder();

  @Test
  void withoutTheFieldAllNodesFollowAtOnce() {
    assertEquals(
        Optional.empty(),
        assertInstanceOf(Decoded.Valid.class, decoder.decode(policy("p", "{}")))
            .policy()
            .spec()
            .rollout());
  }

  @Test
  void emptyRolloutIsOneStepOfAllNodes() {
    assertEquals(
        new RolloutSpec(
            List.of(new Step(Share.ALL, Optional.empty())),
            10,
            "topology.kubernetes.io/zone",
            NewNodes.STABLE,
            false,
            new Health(Duration.ofMinutes(1), Optional.empty(), List.of(), Share.NONE),
            OnFailure.ROLL_BACK,
            5),
        valid("'rollout': {}"));
  }

  @Test
  void everyFieldIsDecoded() {
    RolloutSpec rollout =
        valid(
            """
            'warmUp': {'configApplied': {}},
            'rollout': {'steps': [{'nodes': 1, 'pause': {}}, {'nodes': '5', 'pause': {'duration': '90s'}},
                {'nodes': '10%'}, {'nodes': '50%'}],
              'maxConcurrent': 3, 'spreadBy': 'example.com/rack', 'newNodes': 'Target', 'paused': true,
              'health': {'for': '5m', 'ackWithin': '2m', 'maxFailed': '2%',
                'conditions': [{'type': 'example.com/GPUHealthy'},
                  {'type': 'NetworkUnavailable', 'status': 'False'}]},
              'onFailure': 'Pause', 'revisionHistoryLimit': 7}""");

    assertEquals(
        new RolloutSpec(
            List.of(
                new Step(new Share(1, false), Optional.of(new Pause(Optional.empty()))),
                new Step(
                    new Share(5, false),
                    Optional.of(new Pause(Optional.of(Duration.ofSeconds(90))))),
                new Step(new Share(10, true), Optional.empty()),
                new Step(new Share(50, true), Optional.empty()),
                new Step(Share.ALL, Optional.empty())),
            3,
            "example.com/rack",
            NewNodes.TARGET,
            true,
            new Health(
                Duration.ofMinutes(5),
                Optional.of(Duration.ofMinutes(2)),
                List.of(
                    new Condition("example.com/GPUHealthy", "True"),
                    new Condition("NetworkUnavailable", "False")),
                new Share(2, true)),
            OnFailure.PAUSE,
            7),
        rollout);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'steps': [{'nodes': 1}, {'nodes': '1%'}]",
        "'steps': [{'nodes': '5%'}, {'nodes': 3}]",
        "'steps': [{'nodes': '100%', 'pause': {}}]",
        "'health': {'for': '0', 'maxFailed': '100%'}",
        "'steps': null, 'health': null",
      })
  void isAllowed(String rollout) {
    valid("'rollout': {" + rollout + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'rollout': 3 | spec.rollout must be an object",
        "'rollout': {'steps': {}} | spec.rollout.steps must be a list",
        "'rollout': {'steps': [5]} | spec.rollout.steps[0] must be an object",
        "'rollout': {'steps': [{}]} | spec.rollout.steps[0].nodes is missing; allowed is a whole number from 1 to 100000, or a percentage from 1% to 100%",
        "'rollout': {'steps': [{'nodes': 0}]} | spec.rollout.steps[0].nodes: '0' is not allowed; allowed is a whole number from 1 to 100000, or a percentage from 1% to 100%",
        "'rollout': {'steps': [{'nodes': '0%'}]} | spec.rollout.steps[0].nodes: '0%' is not allowed; allowed is a whole number from 1 to 100000, or a percentage from 1% to 100%",
        "'rollout': {'steps': [{'nodes': '101%'}]} | spec.rollout.steps[0].nodes: '101%' is not allowed; allowed is a whole number from 1 to 100000, or a percentage from 1% to 100%",
        "'rollout': {'steps': [{'nodes': 1}, {'nodes': 'many'}]} | spec.rollout.steps[1].nodes: 'many' is not allowed; allowed is a whole number from 1 to 100000, or a percentage from 1% to 100%",
        "'rollout': {'steps': [{'nodes': '1.5%'}]} | spec.rollout.steps[0].nodes: '1.5%' is not allowed; allowed is a whole number from 1 to 100000, or a percentage from 1% to 100%",
        "'rollout': {'steps': [{'nodes': 5}, {'nodes': 5}]} | spec.rollout.steps[1].nodes is 5 after 5; allowed is a larger share than in the step before",
        "'rollout': {'steps': [{'nodes': '10%'}, {'nodes': '5%'}]} | spec.rollout.steps[1].nodes is 5% after 10%; allowed is a larger share than in the step before",
        "'rollout': {'steps': [{'nodes': '100%'}, {'nodes': 7}]} | spec.rollout.steps[1].nodes is 7 after 100%; allowed is a larger share than in the step before",
        "'rollout': {'steps': [{'nodes': 1, 'pause': 'long'}]} | spec.rollout.steps[0].pause must be an object",
        "'rollout': {'steps': [{'nodes': 1, 'pause': {'duration': 'long'}}]} | spec.rollout.steps[0].pause.duration: 'long' is not a duration (allowed are for example 15s, 1m30s, 250ms)",
        "'rollout': {'maxConcurrent': 0} | spec.rollout.maxConcurrent: 0 is not allowed; allowed is a whole number from 1 to 100000",
        "'rollout': {'spreadBy': 'a zone'} | spec.rollout.spreadBy: 'a zone' is not allowed; allowed is a qualified name",
        "'rollout': {'newNodes': 'Old'} | spec.rollout.newNodes: 'Old' is not allowed; allowed is Stable or Target",
        "'rollout': {'paused': 'now'} | spec.rollout.paused: 'now' is not allowed; allowed are true and false",
        "'rollout': {'health': []} | spec.rollout.health must be an object",
        "'rollout': {'health': {'for': 'ever'}} | spec.rollout.health.for: 'ever' is not a duration (allowed are for example 15s, 1m30s, 250ms)",
        "'rollout': {'health': {'ackWithin': '1m'}} | spec.rollout.health.ackWithin is set; allowed is only with the gate spec.warmUp.configApplied, by which agents are known to acknowledge",
        "'rollout': {'health': {'maxFailed': '-1'}} | spec.rollout.health.maxFailed: '-1' is not allowed; allowed is a whole number from 0 to 100000, or a percentage from 0% to 100%",
        "'rollout': {'health': {'maxFailed': 100001}} | spec.rollout.health.maxFailed: '100001' is not allowed; allowed is a whole number from 0 to 100000, or a percentage from 0% to 100%",
        "'rollout': {'health': {'conditions': [{}]}} | spec.rollout.health.conditions[0].type is missing; allowed is the type of a node condition",
        "'rollout': {'health': {'conditions': [{'type': 'a', 'status': 'Yes'}]}} | spec.rollout.health.conditions[0].status: 'Yes' is not allowed; allowed is True, False or Unknown",
        "'rollout': {'health': {'conditions': [{'type': 'a'}, {'type': 'a', 'status': 'False'}]}} | spec.rollout.health.conditions[1].type: 'a' is used by two conditions",
        "'rollout': {'onFailure': 'Stop'} | spec.rollout.onFailure: 'Stop' is not allowed; allowed is RollBack or Pause",
        "'rollout': {'revisionHistoryLimit': 0} | spec.rollout.revisionHistoryLimit: 0 is not allowed; allowed is a whole number from 1 to 100",
      })
  void mistakeIsReportedInOneSentence(String fields, String sentence) {
    Decoded decoded = decoder.decode(policy("p", "{" + fields + "}"));

    assertEquals(
        List.of(sentence.replace('\'', '"')),
        assertInstanceOf(Decoded.Invalid.class, decoded).problems());
  }

  private RolloutSpec valid(String fields) {
    return assertInstanceOf(
            Decoded.Valid.class, decoder.decode(policy("p", "{" + fields + "}")), fields)
        .policy()
        .spec()
        .rollout()
        .orElseThrow();
  }
}
