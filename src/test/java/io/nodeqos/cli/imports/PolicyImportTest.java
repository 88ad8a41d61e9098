// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyImportTest {
  private static final Path FILES =
      Path.of("src", "test", "resources", "io", "nodeqos", "cli", "imports");

  private static final String EXPECTED =
      "a NodeReadinessRule, a configuration of nidhogg (also in a ConfigMap), Koordinator's ConfigMap"
          + " slo-controller-config, or a DaemonSet that nidhogg waits for";

  /** A rule of which each test changes one line. */
  private static final String RULE =
      """
      apiVersion: readiness.node.x-k8s.io/v1alpha1
      kind: NodeReadinessRule
      metadata: {name: r}
      spec:
        conditions: [{type: example.com/CNIReady, requiredStatus: "True"}]
        taint: {key: readiness.k8s.io/NetworkReady, effect: NoSchedule}
        enforcementMode: bootstrap-only
        nodeSelector: {matchLabels: {pool: gpu}}
      """;

  private static PolicyImport imported(String... texts) {
    List<ImportFile> files = new ArrayList<>();
    for (String text : texts) {
      files.add(new ImportFile("f" + files.size(), text));
    }
    return PolicyImport.of(files);
  }

  private static String text(String name) throws IOException {
    return Files.readString(FILES.resolve(name + ".yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rules", "nidhogg", "nidhogg-fork", "slo-controller-config"})
  void publishedExamplesBecomeValidPolicies(String name) throws IOException {
    PolicyImport result = PolicyImport.of(List.of(new ImportFile(name + ".yaml", text(name))));

    assertEquals(List.of(), result.problems());
    assertEquals(text(name + ".imported"), result.yaml());
    int policies = 0;
    for (JsonElement one : result.policies()) {
      JsonObject policy = one.getAsJsonObject().getAsJsonObject("policy");
      assertInstanceOf(
          PolicyDecoder.Decoded.Valid.class,
          new PolicyDecoder()
              .decode(
                  PolicyFixture.policy(
                      policy.getAsJsonObject("metadata").get("name").getAsString(),
                      policy.getAsJsonObject("spec").toString())));
      policies++;
    }
    assertTrue(policies > 0);
  }

  @Test
  void labelsOfTheDaemonSetsComeFromAnyFile() throws IOException {
    String daemonSet = text("nidhogg-fork").split("---\n")[1];

    String yaml = imported(text("nidhogg"), daemonSet).yaml();

    assertTrue(yaml.contains("app: kiam"), yaml);
    assertFalse(yaml.contains("are not known"), yaml);
  }

  @Test
  void nothingThatIsSwitchedOffBecomesAPolicy() {
    PolicyImport result =
        imported(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: slo-controller-config}
            data:
              colocation-config: '{"enable": false, "cpuReclaimThresholdPercent": 60}'
              resource-threshold-config: '{"clusterStrategy": {"enable": false}}'
              cpu-burst-config: ''
            """);

    assertEquals(List.of(), result.problems());
    assertEquals(
        """
        # From f0, document 1: ConfigMap slo-controller-config of Koordinator.
        # No policy comes from it.
        """,
        result.yaml());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "v1alpha1 | v1beta9 | apiVersion must be readiness.node.x-k8s.io/v1alpha1",
        "name: r | nam: r | metadata.name is missing",
        "requiredStatus: \"True\" | requiredStatus: \"Yes\" | spec.conditions[0].requiredStatus is \"Yes\", but must be one of True, False, Unknown",
        "requiredStatus: \"True\" | requiredStatus: true | spec.conditions[0].requiredStatus is true, but must be a string",
        "readiness.k8s.io/NetworkReady | readiness.k8s.io/falco.org/x | spec.taint.key is \"readiness.k8s.io/falco.org/x\", but must be readiness.k8s.io/ and a name of at most 63 letters, digits, -, _ and ., without a further slash",
        "bootstrap-only | once | spec.enforcementMode is \"once\", but must be one of bootstrap-only, continuous",
        "nodeSelector: {matchLabels: {pool: gpu}} | dryRun: false | spec.nodeSelector is missing",
        "{pool: gpu} | {pool: 1} | spec.nodeSelector.matchLabels.pool is 1, but must be a string",
        "matchLabels: {pool: gpu} | matchExpressions: [{key: a, operator: In}] | spec.nodeSelector.matchExpressions[0].values is empty; In needs a value",
        "pool: gpu | nodeqos.io/images: x | NodeReadinessRule r cannot be a NodeQoSPolicy: spec.nodeSelector.matchLabels: \"nodeqos.io/images\" is not allowed; allowed are labels that this controller does not write",
      })
  void mistakeOfARuleIsOneSentence(String part, String wrong, String sentence) {
    PolicyImport result = imported(RULE.replace(part, wrong));

    assertEquals(List.of("f0, document 1: " + sentence), result.problems());
    assertEquals("", result.yaml());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "daemonsets: [] | , document 1: daemonsets is empty; there is nothing to wait for",
        "daemonsets: [{name: a}] | , document 1: daemonsets[0].namespace is missing",
        "{nodeSelector: [x > 3], daemonsets: [{name: a, namespace: b}]} | , document 1: nodeSelector[0] is \"x > 3\", but must be a selector such as pool=gpu, pool!=gpu, pool in (a, b), pool notin (a), pool or !pool",
        "{nodeSelector: x, daemonsets: [{name: a, namespace: b}]} | , document 1: nodeSelector is \"x\", but must be an object",
        "{taintRemovalDelayInSeconds: -1, daemonsets: [{name: a, namespace: b}]} | , document 1: taintRemovalDelayInSeconds is -1, but must be a whole number from 0 on",
        "{kind: ConfigMap, metadata: {name: c}, data: {a: b}} | , document 1: ConfigMap c has neither a configuration of nidhogg nor one of Koordinator",
        "{kind: DaemonSet, metadata: {name: c}} | , document 1 is a DaemonSet, but no configuration of nidhogg is given",
        "{kind: ConfigMap, data: {colocation-config: '{\"enable\": true,}'}} | , document 1: data[colocation-config], line 1, column 18 is not JSON",
        "{kind: ConfigMap, data: {colocation-config: '{\"enable\": 1}'}} | , document 1: data[colocation-config].enable is 1, but must be true or false",
        "[] | , document 1 must be an object",
        "{kind: Deployment} | , document 1: kind is \"Deployment\", but must be EXPECTED",
        "{a: b} | , document 1 has no kind and no daemonsets; expected is EXPECTED",
        "# nothing | is empty; expected is EXPECTED",
        "a: {b: 1, b: 2} | , line 1 is not YAML: found duplicate key b",
      })
  void mistakeOfAConfigurationIsOneSentence(String text, String sentence) {
    assertEquals(
        List.of(
            ("f0" + (sentence.startsWith(",") ? "" : " ") + sentence)
                .replace("EXPECTED", EXPECTED)),
        imported(text).problems());
  }

  @Test
  void mistakesOfAllFilesAreReportedAndNothingIsPrinted() {
    PolicyImport result = imported(RULE, "---\n" + RULE + "---\n[1]\n", "{\"a\": ");

    assertEquals(
        List.of(
            "f1, document 2 must be an object", "f2 is not JSON: the text ends before the object"),
        result.problems());
    assertEquals("", result.yaml());
  }

  @Test
  void valueInACommentCannotEndIt() {
    String yaml =
        imported(
                RULE.replace(
                    "effect: NoSchedule",
                    "effect: NoSchedule, value: \"a\\nkind: Secret\\Lspec: {}\""))
            .yaml();

    assertTrue(yaml.contains("kind: Secret spec"), yaml);
    assertTrue(
        yaml.lines().filter(line -> line.contains("Secret")).allMatch(line -> line.startsWith("#")),
        yaml);
  }
}
