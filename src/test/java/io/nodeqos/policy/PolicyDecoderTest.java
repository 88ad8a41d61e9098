// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.spec.DeletionPolicy;
import io.nodeqos.policy.spec.PolicySpec;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.policy.spec.WarmUp.OnTimeout;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyDecoderTest {
  private final PolicyDecoder decoder = new PolicyDecoder();

  @Test
  void emptySpecIsValidAndSelectsEveryNode() {
    PolicySpec spec = valid("{}");
    assertEquals(0, spec.priority());
    assertEquals(List.of(), spec.nodeSelector().matchExpressions());
    assertEquals(PolicySpec.Sections.NONE, spec.sections());
    assertEquals(DeletionPolicy.KEEP, spec.deletionPolicy());
  }

  @Test
  void everySectionIsDecoded() {
    PolicySpec spec =
        valid(
            """
            {'priority': 7, 'deletionPolicy': 'Remove', 'nodeSelector': {'matchLabels': {'pool': 'gpu'},
              'matchExpressions': [{'key': 'zone', 'operator': 'NotIn', 'values': ['a']}]},
             'reservation': {'cpu': '500m', 'memory': '5%', 'countReservedPods': true},
             'quota': {'classes': [{'name': 'gold', 'cpu': {'weight': 200, 'max': '50%'},
               'memory': {'high': '25%'}, 'io': {'weight': 300}, 'advertise': {'cpu': '50%'}}]},
             'images': [{'ref': 'registry.k8s.io/pause:3.10'}],
             'warmUp': {'taintNewNodes': true, 'stableFor': '10s', 'nodeReady': {'timeout': '5m'},
               'reservedPods': [{'namespace': 'kube-system', 'onTimeout': 'Release'}],
               'resources': [{'name': 'nvidia.com/gpu'}], 'images': {}, 'configApplied': {}}}
            """);
    assertEquals(7, spec.priority());
    assertEquals(DeletionPolicy.REMOVE, spec.deletionPolicy());
    assertEquals("5%", spec.sections().reservation().get().memory().get().text());
    assertEquals(200, spec.sections().quota().get().classes().get(0).cpu().weight().get());
    WarmUp warmUp = spec.sections().warmUp().get();
    assertEquals(Duration.ofSeconds(10), warmUp.stableFor());
    assertEquals(
        List.of(
            "nodeReady",
            "reservedPods of kube-system",
            "resource nvidia.com/gpu",
            "images",
            "configApplied"),
        warmUp.gates().stream().map(WarmUp.GateSpec::title).toList());
    assertEquals(Duration.ofMinutes(5), warmUp.gates().get(0).timing().timeout().get());
    assertEquals(OnTimeout.RELEASE, warmUp.gates().get(1).timing().onTimeout());
  }

  @Test
  void imagesArePulledIfNotPresentByDefault() {
    PolicySpec.Images images =
        valid(
                """
                {'images': [{'ref': 'host:5000/a/b:v1@sha256:%s'},
                  {'ref': 'c', 'pull': 'Always', 'pullSecrets': ['s.t']},
                  {'ref': 'd', 'pull': 'Never'}]}"""
                    .formatted("a".repeat(64)))
            .sections()
            .images()
            .get();

    assertEquals(
        List.of(PolicySpec.Pull.IF_NOT_PRESENT, PolicySpec.Pull.ALWAYS, PolicySpec.Pull.NEVER),
        images.images().stream().map(PolicySpec.Image::pull).toList());
    assertEquals(List.of("s.t"), images.images().get(1).pullSecrets());
    assertEquals(2, images.pulled().size());
  }

  @ParameterizedTest
  @CsvSource({
    "'', BOOTSTRAP, 0",
    "'mode: Bootstrap', BOOTSTRAP, 0",
    "'mode: Continuous', CONTINUOUS, 30",
    "'mode: Continuous, stableFor: 0s', CONTINUOUS, 0",
    "'mode: Continuous, stableFor: 5s', CONTINUOUS, 5",
  })
  void stableForIsHalfAMinuteByDefaultInModeContinuous(
      String fields, WarmUp.Mode mode, long seconds) {
    WarmUp warmUp = valid("{'warmUp': {" + fields + "}}").sections().warmUp().get();
    assertEquals(mode, warmUp.mode());
    assertEquals(Duration.ofSeconds(seconds), warmUp.stableFor());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'priority': 'high'} | spec.priority: high is not allowed; allowed is a whole number from -2147483648 to 2147483647",
        "{'reservation': {'cpu': 'lots'}} | spec.reservation.cpu: 'lots' is not a quantity (allowed are for example 500m, 2, 1.5Gi, 4k)",
        "{'reservation': {'memory': '120%'}} | spec.reservation.memory: '120%' is not a percentage from 0% to 100%",
        "{'reservation': {'cpu': '-1'}} | spec.reservation.cpu: '-1' is negative; zero or more is allowed",
        "{'reservation': []} | spec.reservation must be an object",
        "{'images': [{'ref': 'Team App'}]} | spec.images[0].ref: 'Team App' is not allowed; allowed is an image reference such as registry.k8s.io/pause:3.10",
        "{'images': [{'ref': 'docker.io/Nginx'}]} | spec.images[0].ref: 'docker.io/Nginx' is not allowed; allowed is an image reference such as registry.k8s.io/pause:3.10",
        "{'images': [{'ref': 'app@sha256:12'}]} | spec.images[0].ref: 'app@sha256:12' is not allowed; allowed is an image reference such as registry.k8s.io/pause:3.10",
        "{'images': [{'ref': 'a', 'pull': 'Sometimes'}]} | spec.images[0].pull: 'Sometimes' is not allowed; allowed is IfNotPresent, Always or Never",
        "{'images': [{'ref': 'a', 'pullSecrets': ['No']}]} | spec.images[0].pullSecrets: 'No' is not allowed; allowed is the name of a Secret (a DNS subdomain)",
        "{'quota': {'classes': [{}]}} | spec.quota.classes[0].name is missing; allowed is a DNS label of at most 50 characters",
        "{'quota': {'classes': [{'name': 'a'}, {'name': 'a'}]}} | spec.quota.classes[1].name: 'a' is used by two classes",
        "{'quota': {'classes': [{'name': 'a', 'cpu': {'weight': 0}}]}} | spec.quota.classes[0].cpu.weight: 0 is not allowed; allowed is a whole number from 1 to 10000",
        "{'warmUp': {'taintKey': 'example.com/x'}} | spec.warmUp.taintKey: 'example.com/x' is not allowed; allowed are the prefixes nodeqos.io/, startup-taint.cluster-autoscaler.kubernetes.io/, readiness.k8s.io/ and those of the setting startupTaintPrefixes (none)",
        "{'warmUp': {'stableFor': '5 minutes'}} | spec.warmUp.stableFor: '5 minutes' is not a duration (allowed are for example 15s, 1m30s, 250ms)",
        "{'warmUp': {'images': {'onTimeout': 'Explode'}}} | spec.warmUp.images.onTimeout: 'Explode' is not allowed; allowed is Hold or Release",
        "{'warmUp': {'mode': 'Always'}} | spec.warmUp.mode: 'Always' is not allowed; allowed is Bootstrap or Continuous",
        "{'nodeSelector': {'matchExpressions': [{'key': 'a', 'operator': 'In'}]}} | spec.nodeSelector.matchExpressions[0].values is empty; In needs at least one value",
        "{'images': [{}]} | spec.images[0].ref is missing; allowed is an image reference such as registry.k8s.io/pause:3.10",
        "{'nodeSelector': {'matchLabels': {'nodeqos.io/warmed-up': 'true'}}} | spec.nodeSelector.matchLabels: 'nodeqos.io/warmed-up' is not allowed; allowed are labels that this controller does not write",
        "{'nodeSelector': {'matchLabels': {'nodeqos.io/config-version': 'x'}}} | spec.nodeSelector.matchLabels: 'nodeqos.io/config-version' is not allowed; allowed are labels that this controller does not write",
        "{'nodeSelector': {'matchExpressions': [{'key': 'nodeqos.io/images', 'operator': 'Exists'}]}} | spec.nodeSelector.matchExpressions[0].key: 'nodeqos.io/images' is not allowed; allowed are labels that this controller does not write",
        "{'nodeSelector': {'matchExpressions': [{'key': 'nodeqos.io/warmed-up', 'operator': 'DoesNotExist'}]}} | spec.nodeSelector.matchExpressions[0].key: 'nodeqos.io/warmed-up' is not allowed; allowed are labels that this controller does not write",
        "{'warmUp': {'conditions': [{'type': 'nodeqos.io/WarmedUp', 'status': 'False'}]}} | spec.warmUp.conditions[0].type: 'nodeqos.io/WarmedUp' is not allowed; allowed are conditions that this controller does not write",
        "{'warmUp': {'resources': [{'name': 'nodeqos.io/gold-cpu'}]}} | spec.warmUp.resources[0].name: 'nodeqos.io/gold-cpu' is not allowed; allowed are resources that this controller does not advertise",
        "{'warmUp': {'reservedPods': [{'namespace': 'a', 'selector': {'matchLabels': {'nodeqos.io/spinner': 'p'}}}]}} | spec.warmUp.reservedPods[0].selector.matchLabels: 'nodeqos.io/spinner' is not allowed; allowed are labels of pods other than those that pull images for this controller",
        "{'warmUp': {'reservedPods': [{'namespace': 'a', 'selector': {'matchExpressions': [{'key': 'nodeqos.io/pull-version', 'operator': 'Exists'}]}}]}} | spec.warmUp.reservedPods[0].selector.matchExpressions[0].key: 'nodeqos.io/pull-version' is not allowed; allowed are labels of pods other than those that pull images for this controller",
        "{'suspend': 'maybe'} | spec.suspend: 'maybe' is not allowed; allowed are true and false",
      })
  void mistakeIsReportedInOneSentence(String spec, String sentence) {
    assertEquals(List.of(sentence.replace('\'', '"')), invalid(spec));
  }

  @Test
  void foreignKeysAndSelectorsWithoutSpinnersAreAccepted() {
    valid(
        """
        {'nodeSelector': {'matchLabels': {'nodeqos.io/taint-at-creation': 'true'},
          'matchExpressions': [{'key': 'nodeqos.io/pool', 'operator': 'Exists'}]},
         'warmUp': {'taintKey': 'nodeqos.io/warmed-up', 'conditions': [{'type': 'nodeqos.io/Other'}],
          'resources': [{'name': 'nodeqos.io/fpga'}, {'name': 'example.com/gold-cpu'}],
          'reservedPods': [{'namespace': 'node-qos', 'selector': {'matchExpressions': [
            {'key': 'nodeqos.io/spinner', 'operator': 'DoesNotExist'},
            {'key': 'nodeqos.io/pull-version', 'operator': 'NotIn', 'values': ['x']}]}}]}}
        """);
  }

  @Test
  void allMistakesAreReportedTogether() {
    assertEquals(
        2, invalid("{'priority': 'x', 'reservation': {'cpu': 'y'}, 'suspend': false}").size());
  }

  @Test
  void valuesBeyondTheLimitsAreRefused() {
    String classes = "{'name':'a'},".repeat(16) + "{'name':'b'}";
    assertEquals(
        List.of("spec.quota.classes has 17 elements; at most 16 are allowed"),
        invalid("{'quota': {'classes': [" + classes + "]}}"));
  }

  private PolicySpec valid(String spec) {
    return assertInstanceOf(Decoded.Valid.class, decoder.decode(policy("p", spec))).policy().spec();
  }

  private List<String> invalid(String spec) {
    return assertInstanceOf(Decoded.Invalid.class, decoder.decode(policy("p", spec))).problems();
  }
}
