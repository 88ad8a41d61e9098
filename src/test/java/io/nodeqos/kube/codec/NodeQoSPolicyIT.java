// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.kube.client.RealClients;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.write.PolicyStatusClient;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import io.nodeqos.reconcile.WriteResult;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The CRD on a real server: its CEL rules compile, refuse what they should, and agree with our own
 * decoder.
 */
@RealApi
class NodeQoSPolicyIT {
  private static final String EVERY_SECTION =
      """
      {'priority': 7, 'nodeSelector': {'matchLabels': {'pool': 'gpu'},
        'matchExpressions': [{'key': 'zone', 'operator': 'NotIn', 'values': ['a']},
          {'key': 'spot', 'operator': 'DoesNotExist'}]},
       'reservation': {'cpu': '500m', 'memory': '5%', 'ephemeralStorage': 1000,
         'countReservedPods': true},
       'quota': {'classes': [{'name': 'gold', 'cpu': {'weight': 200, 'max': '50%'},
         'memory': {'min': '1Gi', 'high': '25%', 'max': '2.5e9'}, 'io': {'weight': 300},
         'advertise': {'cpu': '50%', 'memory': '1Gi'}}, {'name': 'silver'}]},
       'images': [{'ref': 'registry.example/pause:3.10'}],
       'warmUp': {'taintKey': 'startup-taint.cluster-autoscaler.kubernetes.io/warm',
         'taintNewNodes': true, 'mode': 'Continuous', 'stableFor': '10s', 'nodeReady': {'timeout': '5m'},
         'conditions': [{'type': 'NetworkUnavailable', 'status': 'False'}],
         'reservedPods': [{'namespace': 'kube-system', 'onTimeout': 'Release',
           'selector': {'matchLabels': {'app': 'cni'}}}],
         'resources': [{'name': 'nvidia.com/gpu'}], 'csiDrivers': [{'name': 'ebs.csi.aws.com'}],
         'images': {}, 'configApplied': {}},
       'rollout': {'steps': [{'nodes': 1, 'pause': {}}, {'nodes': '5', 'pause': {'duration': '90s'}},
           {'nodes': '10%'}, {'nodes': '100%'}],
         'maxConcurrent': 3, 'spreadBy': 'example.com/rack', 'newNodes': 'Target', 'paused': true,
         'health': {'for': '5m', 'ackWithin': '2m', 'maxFailed': '2%',
           'conditions': [{'type': 'example.com/GPUHealthy'},
             {'type': 'NetworkUnavailable', 'status': 'False'}]},
         'onFailure': 'Pause', 'revisionHistoryLimit': 7}}
      """;

  private final String name = "it-" + UUID.randomUUID();
  private final ControlPlane plane;
  private final PolicyDecoder decoder = new PolicyDecoder();

  NodeQoSPolicyIT(ControlPlane plane) {
    this.plane = plane;
  }

  @BeforeAll
  static void installTheDefinition(ControlPlane plane) throws InterruptedException {
    plane.kubectl("apply", "--server-side", "-f", "manifests/crd.yaml").succeeded();
    plane
        .kubectl(
            "wait",
            "--for=condition=Established",
            "--timeout=30s",
            "crd/nodeqospolicies.nodeqos.io")
        .succeeded();
    awaitSuccess(plane, "get", "nqp");
  }

  /** An established resource is served, discoverable and explained a moment later. */
  private static Command awaitSuccess(ControlPlane plane, String... arguments)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    Command command = plane.kubectl(arguments);
    while (command.code() != 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
      command = plane.kubectl(arguments);
    }
    return command.succeeded();
  }

  @AfterEach
  void deletePolicy() {
    plane.kubectl("delete", "nqp", name, "--ignore-not-found").succeeded();
  }

  private Command create(String policyName, String spec) {
    return plane.kubectlWith(
        """
        {"apiVersion":"nodeqos.io/v1alpha1","kind":"NodeQoSPolicy",
         "metadata":{"name":"%s"},"spec":%s}"""
            .formatted(policyName, PolicyFixture.json(spec)),
        "create",
        "-f",
        "-");
  }

  private PolicyObject stored() throws IOException {
    return Samples.decode(
        new PolicyCodec(), plane.kubectl("get", "nqp", name, "-o", "json").succeeded().out());
  }

  @Test
  void serverWarnsOfNothingInTheDefinition() {
    String conditions =
        plane
            .kubectl(
                "get",
                "crd",
                "nodeqospolicies.nodeqos.io",
                "-o",
                "jsonpath={range .status.conditions[*]}{.type}={.status} {end}")
            .succeeded()
            .out();

    assertAll(
        () -> assertTrue(conditions.contains("NamesAccepted=True"), conditions),
        () -> assertTrue(!conditions.contains("NonStructuralSchema=True"), conditions));
  }

  @Test
  void policyWithEverySectionIsAcceptedAndReadBack() throws IOException {
    create(name, EVERY_SECTION).succeeded();

    PolicyObject stored = stored();

    assertEquals(1, stored.meta().generation());
    Decoded ours = decoder.decode(PolicyFixture.policy(name, EVERY_SECTION));
    Decoded theirs = decoder.decode(stored);
    assertEquals(
        assertInstanceOf(Decoded.Valid.class, ours).policy().spec(),
        assertInstanceOf(Decoded.Valid.class, theirs).policy().spec(),
        "nothing is dropped or changed by the schema");
  }

  @Test
  void emptySpecIsAccepted() throws IOException {
    create(name, "{}").succeeded();

    assertInstanceOf(Decoded.Valid.class, decoder.decode(stored()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'priority': 'high'} | spec.priority",
        "{'priority': 3000000000} | spec.priority",
        "{'suspend': 'maybe'} | spec.suspend",
        "{'deletionPolicy': 'Delete'} | spec.deletionPolicy",
        "{'reservation': {'cpu': 'lots'}} | spec.reservation.cpu",
        "{'reservation': {'cpu': '-1'}} | spec.reservation.cpu",
        "{'reservation': {'cpu': -1}} | spec.reservation.cpu",
        "{'reservation': []} | spec.reservation",
        "{'quota': {'classes': [{}]}} | spec.quota.classes[0].name",
        "{'quota': {'classes': [{'name': 'Gold'}]}} | spec.quota.classes[0].name",
        "{'quota': {'classes': [{'name': 'a'}, {'name': 'a'}]}} | spec.quota.classes[1]",
        "{'quota': {'classes': [{'name': 'a', 'cpu': {'weight': 0}}]}} | spec.quota.classes[0].cpu.weight",
        "{'quota': {'classes': [{'name': 'a', 'io': {'weight': 10001}}]}} | spec.quota.classes[0].io.weight",
        "{'warmUp': {'taintKey': 'node.kubernetes.io/not-ready'}} | allowed are the prefixes nodeqos.io/",
        "{'warmUp': {'taintKey': 'k8s.io/x'}} | none of which is of kubernetes.io or k8s.io",
        "{'warmUp': {'taintKey': 'dedicated'}} | allowed are the prefixes nodeqos.io/",
        "{'warmUp': {'stableFor': '5 minutes'}} | spec.warmUp.stableFor",
        "{'warmUp': {'mode': 'Always'}} | spec.warmUp.mode",
        "{'warmUp': {'images': {'onTimeout': 'Explode'}}} | spec.warmUp.images.onTimeout",
        "{'warmUp': {'reservedPods': [{}]}} | spec.warmUp.reservedPods[0].namespace",
        "{'warmUp': {'conditions': [{'status': 'True'}]}} | spec.warmUp.conditions[0].type",
        "{'warmUp': {'conditions': [{'type': 'a', 'status': 'Yes'}]}} | spec.warmUp.conditions[0].status",
        "{'nodeSelector': {'matchExpressions': [{'key': 'a', 'operator': 'In'}]}} | In and NotIn need values",
        "{'nodeSelector': {'matchExpressions': [{'key': 'a', 'operator': 'Exists', 'values': ['b']}]}} | Exists and DoesNotExist take none",
        "{'nodeSelector': {'matchExpressions': [{'key': 'a', 'operator': 'Near'}]}} | operator",
        "{'nodeSelector': {'matchLabels': {'nodeqos.io/warmed-up': 'true'}}} | spec.nodeSelector.matchLabels",
        "{'nodeSelector': {'matchLabels': {'nodeqos.io/config-version': 'x'}}} | labels that this controller does not write",
        "{'nodeSelector': {'matchExpressions': [{'key': 'nodeqos.io/images', 'operator': 'Exists'}]}} | spec.nodeSelector.matchExpressions[0].key",
        "{'nodeSelector': {'matchExpressions': [{'key': 'nodeqos.io/warmed-up', 'operator': 'DoesNotExist'}]}} | labels that this controller does not write",
        "{'warmUp': {'conditions': [{'type': 'nodeqos.io/WarmedUp', 'status': 'False'}]}} | spec.warmUp.conditions[0].type",
        "{'warmUp': {'resources': [{'name': 'nodeqos.io/gold-cpu'}]}} | spec.warmUp.resources[0].name",
        "{'warmUp': {'reservedPods': [{'namespace': 'a', 'selector': {'matchLabels': {'nodeqos.io/spinner': 'p'}}}]}} | spec.warmUp.reservedPods[0].selector.matchLabels",
        "{'warmUp': {'reservedPods': [{'namespace': 'a', 'selector': {'matchExpressions': [{'key': 'nodeqos.io/pull-version', 'operator': 'Exists'}]}}]}} | spec.warmUp.reservedPods[0].selector.matchExpressions[0].key",
        "{'images': [{}]} | spec.images[0].ref",
        "{'images': [{'ref': 'has space'}]} | spec.images[0].ref",
        "{'rollout': {'steps': [{}]}} | spec.rollout.steps[0].nodes",
        "{'rollout': {'steps': [{'nodes': '1.5%'}]}} | spec.rollout.steps[0].nodes",
        "{'rollout': {'steps': [{'nodes': 0}]}} | spec.rollout.steps[0].nodes",
        "{'rollout': {'steps': [{'nodes': '0%'}]}} | spec.rollout.steps[0].nodes",
        "{'rollout': {'steps': [{'nodes': 'many'}, {'nodes': 1}]}} | spec.rollout.steps[0].nodes",
        "{'rollout': {'steps': [{'nodes': '10%'}, {'nodes': '5%'}]}} | spec.rollout.steps",
        "{'rollout': {'steps': [{'nodes': 1}, {'nodes': 9}, {'nodes': '9'}]}} | spec.rollout.steps",
        "{'rollout': {'steps': [{'nodes': '100%'}, {'nodes': 7}]}} | spec.rollout.steps",
        "{'rollout': {'maxConcurrent': 0}} | spec.rollout.maxConcurrent",
        "{'rollout': {'newNodes': 'Old'}} | spec.rollout.newNodes",
        "{'rollout': {'paused': 'now'}} | spec.rollout.paused",
        "{'rollout': {'health': {'ackWithin': '1m'}}} | spec.rollout.health.ackWithin",
        "{'warmUp': {'nodeReady': {}}, 'rollout': {'health': {'ackWithin': '1m'}}} | spec.rollout.health.ackWithin",
        "{'rollout': {'health': {'maxFailed': -1}}} | spec.rollout.health.maxFailed",
        "{'rollout': {'health': {'maxFailed': '100001'}}} | spec.rollout.health.maxFailed",
        "{'rollout': {'health': {'conditions': [{}]}}} | spec.rollout.health.conditions[0].type",
        "{'rollout': {'health': {'conditions': [{'type': 'a', 'status': 'Yes'}]}}} | spec.rollout.health.conditions[0].status",
        "{'rollout': {'health': {'conditions': [{'type': 'a'}, {'type': 'a'}]}}} | spec.rollout.health.conditions[1]",
        "{'rollout': {'onFailure': 'Stop'}} | spec.rollout.onFailure",
        "{'rollout': {'revisionHistoryLimit': 0}} | spec.rollout.revisionHistoryLimit",
      })
  void serverAndDecoderRefuseTheSameMistakes(String spec, String sentence) {
    Command refused = create(name, spec);

    assertNotEquals(0, refused.code(), "the server took it");
    assertTrue(refused.error().contains(sentence), refused.error());
    assertInstanceOf(
        Decoded.Invalid.class,
        decoder.decode(PolicyFixture.policy(name, spec)),
        "the decoder took it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'reservation': {'cpu': 'lots'}} | must be a quantity such as 500m, or a percentage from 0% to 100%",
        "{'reservation': {'memory': '101%'}} | must be a quantity such as 2Gi, or a percentage from 0% to 100%",
        "{'reservation': {'memory': '.%'}} | must be a quantity such as 2Gi, or a percentage from 0% to 100%",
        "{'quota': {'classes': [{'name': 'Gold'}]}} | must be a DNS label such as gold-1",
        "{'warmUp': {'stableFor': '5 minutes'}} | must be a duration such as 30s or 1h30m",
        "{'images': [{'ref': 'has space'}]} | must be an image reference such as registry.k8s.io/pause:3.10",
        "{'images': [{'ref': 'a', 'pullSecrets': ['A_']}]} | must be the name of a Secret (a DNS subdomain)",
        "{'rollout': {'steps': [{'nodes': '101%'}]}} | must be a whole number from 1 to 100000, or a percentage from 1% to 100%",
        "{'rollout': {'steps': [{'nodes': 100001}]}} | must be a whole number from 1 to 100000, or a percentage from 1% to 100%",
        "{'rollout': {'steps': [{'nodes': 5}, {'nodes': 5}]}} | must rise; each step has more nodes than the one before",
        "{'rollout': {'steps': [{'nodes': 1, 'pause': {'duration': 'long'}}]}} | must be a duration such as 30s or 1h30m",
        "{'rollout': {'spreadBy': 'a zone'}} | must be a label key such as topology.kubernetes.io/zone",
        "{'rollout': {'health': {'for': 'ever'}}} | must be a duration such as 30s or 1h30m",
        "{'rollout': {'health': {'ackWithin': '1m'}}} | is allowed only with the gate warmUp.configApplied, by which agents are known to acknowledge",
        "{'rollout': {'health': {'maxFailed': '101%'}}} | must be a whole number up to 100000, or a percentage from 0% to 100%",
        "{'rollout': {'health': {'conditions': [{'type': 'a b'}]}}} | must be the type of a node condition such as example.com/GPUHealthy",
      })
  void serverAnswersInWordsAndWithoutRegularExpressions(String spec, String sentence) {
    Command refused = create(name, spec);

    assertNotEquals(0, refused.code(), "the server took it");
    assertTrue(refused.error().strip().endsWith(sentence), refused.error());
    assertInstanceOf(
        Decoded.Invalid.class,
        decoder.decode(PolicyFixture.policy(name, spec)),
        "the decoder took it");
  }

  @Test
  void amountsAtTheLimitsAreAccepted() throws IOException {
    create(name, "{'reservation': {'cpu': '100%', 'memory': '.5%', 'ephemeralStorage': '5.%'}}")
        .succeeded();

    assertInstanceOf(Decoded.Valid.class, decoder.decode(stored()));
  }

  @Test
  void kubectlFindsPoliciesByCategoryAndByField() throws InterruptedException {
    create(name, "{'suspend': true}").succeeded();

    String path = "nodeqospolicy.nodeqos.io/" + name;
    assertEquals(path, awaitSuccess(plane, "get", "nodeqos", "-o", "name").out().strip());
    assertEquals(path, named("spec.suspend=true"));
    assertEquals(path, named("spec.deletionPolicy=Keep"));
    assertEquals("", named("spec.suspend=false"));
    assertTrue(!plane.kubectl("get", "all", "-o", "name").succeeded().out().contains(name));
  }

  private String named(String field) throws InterruptedException {
    return awaitSuccess(plane, "get", "nqp", "--field-selector", field, "-o", "name").out().strip();
  }

  @ParameterizedTest
  @CsvSource({"readiness.k8s.io/warm,true", "example.com/warm,false"})
  void serverTakesAKeyWhosePrefixMayBeOneOfTheSettings(String key, boolean isBuiltIn)
      throws IOException {
    create(name, "{'warmUp': {'taintKey': '" + key + "'}}").succeeded();

    assertEquals(isBuiltIn, decoder.decode(stored()) instanceof Decoded.Valid);
    assertInstanceOf(
        Decoded.Valid.class,
        new PolicyDecoder(new StartupTaintPrefixes(List.of("example.com/"))).decode(stored()));
  }

  @Test
  void foreignKeysUnderThePrefixAreAcceptedByServerAndDecoder() throws IOException {
    create(
            name,
            """
            {'nodeSelector': {'matchLabels': {'nodeqos.io/taint-at-creation': 'true'},
              'matchExpressions': [{'key': 'nodeqos.io/pool', 'operator': 'Exists'}]},
             'warmUp': {'conditions': [{'type': 'nodeqos.io/Other'}],
              'resources': [{'name': 'nodeqos.io/fpga'}],
              'reservedPods': [{'namespace': 'a', 'selector': {'matchExpressions': [
                {'key': 'nodeqos.io/spinner', 'operator': 'DoesNotExist'}]}}]}}
            """)
        .succeeded();

    assertInstanceOf(Decoded.Valid.class, decoder.decode(stored()));
  }

  @Test
  void nameOtherThanAShortDnsLabelIsRefused() {
    for (String bad : new String[] {"a".repeat(41), "dotted.name"}) {
      Command refused = create(bad, "{}");

      assertNotEquals(0, refused.code(), bad);
      assertTrue(
          refused.error().contains("metadata.name: ")
              && refused.error().contains("must be a DNS label of at most 40 characters"),
          refused.error());
      assertInstanceOf(Decoded.Invalid.class, decoder.decode(PolicyFixture.policy(bad, "{}")));
    }
  }

  @Test
  void fieldThatTheSchemaDoesNotKnowIsNamed() {
    Command refused = create(name, "{'warmUp': {'nodeready': {}}}");

    assertNotEquals(0, refused.code(), "kubectl asks for strict validation");
    assertTrue(refused.error().contains("spec.warmUp.nodeready"), refused.error());
  }

  @Test
  void statusSubresourceDoesNotRaiseTheGeneration() throws IOException, ClientConfigException {
    create(name, "{'priority': 5}").succeeded();
    PolicyObject before = stored();
    PolicyStatusClient client =
        new PolicyStatusClient(RealClients.write(plane), RealClients.limiter());
    String status =
        PolicyFixture.json(
                "{'observedGeneration': 1, 'nodes': {'matched': 3, 'configured': 2, 'warm': 1,"
                    + " 'waiting': 2}, 'configVersions': [{'version': '0123456789', 'nodes': 2}],"
                    + " 'conditions': [{'type': 'Valid', 'status': 'True', 'reason': 'Valid',"
                    + " 'message': '', 'lastTransitionTime': '2026-10-03T08:16:00Z'}]}")
            .toString();

    WriteResult written = client.patchStatus(name, before.meta().resourceVersion(), status);
    WriteResult stale = client.patchStatus(name, before.meta().resourceVersion(), "{}");

    PolicyObject after = stored();
    assertEquals(
        after.meta().resourceVersion(),
        assertInstanceOf(WriteResult.Ok.class, written).resourceVersion());
    assertInstanceOf(WriteResult.Conflict.class, stale);
    assertEquals(PolicyFixture.json(status), after.status(), "nothing is dropped by the schema");
    assertEquals(1, after.meta().generation());
    String[] columns =
        plane.kubectl("get", "nqp", name, "--no-headers").succeeded().out().split(" +", 0);
    assertEquals("5", columns[1], "priority");
    assertEquals("True", columns[2], "valid");
  }

  @Test
  void recordOfARolloutIsStoredWhole() throws IOException, ClientConfigException {
    create(name, "{'rollout': {}}").succeeded();
    Instant at = Instant.parse("2026-10-03T08:16:00Z");
    RolloutState state =
        new RolloutState(
            RolloutPhase.PAUSED,
            new RolloutState.Revisions("0123456789", 1, "abcdef0123"),
            new RolloutState.Progress(1, 2, 0, at, at, Optional.of(at)),
            new RolloutState.Counts(10, 5, 5, 4, 1, 2),
            List.of(new RolloutState.Failure("a", at, "NotReady", "not Ready for 1m")),
            "TooManyFailed",
            "1 node has failed, of at most 0.",
            "retry=abcdef0123");
    JsonObject status = new JsonObject();
    status.add(RolloutJson.FIELD, RolloutJson.patch(state));
    new PolicyStatusClient(RealClients.write(plane), RealClients.limiter())
        .patchStatus(name, stored().meta().resourceVersion(), status.toString());

    assertEquals(Optional.of(state), RolloutJson.in(stored().status()));
    assertEquals(
        RolloutJson.json(state),
        stored().status().get(RolloutJson.FIELD),
        "nothing is dropped by the schema");
    assertTrue(
        plane.kubectl("get", "nqp", name, "--no-headers").succeeded().out().contains(" Paused "));
  }

  @Test
  void kubectlExplainsTheGates() throws InterruptedException {
    String explained = awaitSuccess(plane, "explain", "nqp.spec.warmUp").out();

    assertTrue(explained.contains("reservedPods"), explained);
    assertTrue(explained.contains("The node keeps the startup taint until every gate"), explained);
  }
}
