// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.preview.PreviewFixture.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonPrimitive;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.preview.edit.PolicyEdit.Action;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyEditsTest {
  private static final PolicyObject BASE =
      policy(
          "base",
          """
          {'priority': 5,
           'quota': {'classes': [{'name': 'batch', 'memory': {'high': '80%'}}]},
           'warmUp': {'reservedPods': [
              {'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]}}
          """);

  @Test
  void theDiffNamesElementsOfListsByTheirNames() throws Exception {
    PolicyEdit edit =
        edit(
            document(
                "base",
                """
                {"priority": 5,
                 "quota": {"classes": [{"name": "batch", "memory": {"high": "70%"}}]},
                 "images": [{"ref": "registry.example.com/a:1"}],
                 "warmUp": {"reservedPods": [
                   {"namespace": "kube-system", "selector": {"matchLabels": {"k8s-app": "cni"}},
                    "timeout": "5m"},
                   {"namespace": "kube-system", "selector": {"matchLabels": {"k8s-app": "csi"}}}]}}
                """));

    assertEquals(Action.UPDATE, edit.action());
    assertEquals(
        List.of(
            "replace spec.quota.classes[batch].memory.high",
            "add spec.warmUp.reservedPods[kube-system k8s-app=cni].timeout",
            "add spec.warmUp.reservedPods[kube-system k8s-app=csi]",
            "add spec.images[registry.example.com/a:1]"),
        edit.diff().stream().map(c -> c.op() + " " + c.path()).toList());
    assertEquals(Set.of(Section.QUOTA, Section.IMAGES, Section.WARM_UP), edit.sections());
    assertEquals(2, edit.after().orElseThrow().meta().generation());
  }

  @Test
  void defaultsAreNoDifference() throws Exception {
    PolicyEdit edit =
        edit(
            document(
                "base",
                """
                {"priority": 5, "suspend": false, "deletionPolicy": "Keep",
                 "quota": {"classes": [{"name": "batch", "memory": {"high": "80%"}}]},
                 "warmUp": {"mode": "Bootstrap", "reservedPods": [
                   {"namespace": "kube-system", "selector": {"matchLabels": {"k8s-app": "cni"}}}]}}
                """));

    assertEquals(Action.UNCHANGED, edit.action());
    assertEquals(List.of(), edit.diff());
  }

  @Test
  void aPriorityCountsForAllSections() throws Exception {
    PolicyEdit edit =
        edit(document("base", BASE.spec().toString().replace("\"priority\":5", "\"priority\":6")));

    assertEquals(Set.of(Section.QUOTA, Section.WARM_UP), edit.sections());
  }

  @Test
  void aNewPolicyThatRemovesHasItsFinalizer() throws Exception {
    PolicyEdit edit = edit(document("new", "{deletionPolicy: Remove}"));

    assertEquals(Action.CREATE, edit.action());
    assertEquals(List.of(Keys.FINALIZER), edit.after().orElseThrow().meta().finalizers());
  }

  @Test
  void aDeletedPolicyIsGoneAtOnceUnlessItsFinalizerHoldsIt() throws Exception {
    PolicyObject held =
        new PolicyObject(
            new PolicyObject.Meta(
                "held", "u", "1", 3, PolicyFixture.CREATED, false, List.of(Keys.FINALIZER)),
            BASE.spec(),
            BASE.status());
    PolicyEdits edits =
        PolicyEdits.of(
            List.of(), List.of("base", "held"), List.of(BASE, held), PolicyFixture.CREATED);

    assertTrue(edits.edits().get(0).after().isEmpty());
    assertTrue(edits.edits().get(1).after().orElseThrow().meta().deleting());
  }

  @Test
  void allMistakesAreSentencesWithFieldAndValue() {
    assertEquals(
        List.of(
            "f.yaml, document 1: the object is a NodeQosPolicy of nodeqos.io/v1alpha1, must be a"
                + " NodeQoSPolicy of nodeqos.io/v1alpha1",
            "f.yaml, document 2: policy a: spec.warmup is no field of a NodeQoSPolicy: did you mean"
                + " warmUp?",
            "f.yaml, document 2: policy a: spec.priority: high is not allowed; allowed is a whole"
                + " number from -2147483648 to 2147483647",
            "f.yaml, document 3: policy a is given twice, first in f.yaml, document 2",
            "f.yaml, document 4: metadata.name is missing",
            "--delete is gone, but there is no such policy; there are base"),
        assertThrows(
                InvalidEditsException.class,
                () ->
                    edits(
                        "{apiVersion: nodeqos.io/v1alpha1, kind: NodeQosPolicy}\n---\n"
                            + document("a", "{warmup: {}, priority: high}")
                            + "\n---\n"
                            + document("a", "{}")
                            + "\n---\n"
                            + document("\"\"", "{}"),
                        List.of("gone")))
            .problems());
  }

  @Test
  void aTextThatIsNotYamlNamesTheLine() {
    List<String> problems =
        assertThrows(InvalidEditsException.class, () -> edits("a: 1\nb: [", List.of())).problems();

    assertEquals(1, problems.size());
    assertTrue(problems.get(0).startsWith("f.yaml, line 2 is not YAML: "), problems.get(0));
  }

  @Test
  void textsThatNoApiServerWouldTakeAreSentences() {
    assertEquals(
        List.of("f.yaml is not YAML: NaN is no number that JSON has"),
        problems("spec:\n  priority: .nan").stream()
            .map(p -> p.replaceAll(" To override .*", ""))
            .toList());
    assertEquals(
        List.of("f.yaml is not YAML: a value is nested too deeply, or contains itself"),
        problems("a: &a [*a]"));
    assertEquals(List.of("f.yaml has no object"), problems("# nothing\n---\n"));
    assertEquals(
        List.of("f.yaml has no object"), problems("{apiVersion: v1, kind: List, items: []}"));
  }

  @Test
  void aSpecThatIsNotThereIsAMistake() {
    String head = "apiVersion: nodeqos.io/v1alpha1\nkind: NodeQoSPolicy\nmetadata: {name: a}\n";
    assertEquals(
        List.of("f.yaml: policy a: spec is missing; without sections it is {}"), problems(head));
    assertEquals(
        List.of("f.yaml: policy a: spec is missing; without sections it is {}"),
        problems(head + "specs: {priority: 1}"));
    assertEquals(
        List.of("f.yaml: policy a: spec: [1] is not allowed; must be an object"),
        problems(head + "spec: [1]"));
    assertEquals(
        List.of(
            "f.yaml: policy a: specs is no field of a NodeQoSPolicy; allowed are apiVersion, kind,"
                + " metadata, spec, status"),
        problems(head + "spec: {}\nspecs: {priority: 1}"));
  }

  @Test
  void timesStayText() throws Exception {
    PolicyEdit edit = edit(document("a", "{nodeSelector: {matchLabels: {released: 2026-11-01}}}"));

    assertEquals(
        List.of(Optional.of(new JsonPrimitive("2026-11-01"))),
        edit.diff().stream().map(FieldChange::after).toList());
  }

  @Test
  void tabsMayIndentJson() throws Exception {
    assertEquals(
        Action.CREATE,
        edit("{\n\t\"apiVersion\": \"nodeqos.io/v1alpha1\",\n\t\"kind\": \"NodeQoSPolicy\",\n"
                + "\t\"metadata\": {\"name\": \"a\"},\n\t\"spec\": {}\n}")
            .action());
  }

  @Test
  void objectsOfOtherGroupsAreLeftOutBesidePolicies() throws Exception {
    String kustomization = "{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization}";
    PolicyParser parser = new PolicyParser();
    parser.parse("kustomization.yaml", kustomization);
    parser.parse("all.yaml", document("a", "{}") + "\n---\n" + document("b", "{}"));

    assertEquals(List.of("a", "b"), parser.policies().stream().map(PolicyDocument::name).toList());
    assertEquals(
        List.of(
            "kustomization.yaml: a Kustomization of kustomize.config.k8s.io/v1beta1 is no policy"),
        parser.leftOut());
    assertEquals(
        List.of(
            "f.yaml: the object is a Kustomization of kustomize.config.k8s.io/v1beta1, must be a"
                + " NodeQoSPolicy of nodeqos.io/v1alpha1"),
        problems(kustomization));
  }

  @Test
  void aPolicyInForceBecomesNoDryRun() {
    assertEquals(
        List.of(
            "f.yaml: policy base: spec.dryRun: true is not allowed for a policy that is in force;"
                + " create the dry run under another name"),
        problems(document("base", "{dryRun: true}")));
  }

  @Test
  void anEditDoesNotBringADeletedPolicyBack() throws Exception {
    PolicyObject going =
        new PolicyObject(
            new PolicyObject.Meta(
                "base", "u", "1", 3, PolicyFixture.CREATED, true, List.of(Keys.FINALIZER)),
            BASE.spec(),
            BASE.status());
    PolicyParser parser = new PolicyParser();
    parser.parse("f.yaml", document("base", "{priority: 9}"));
    PolicyEdit edit =
        PolicyEdits.of(parser.policies(), List.of(), List.of(going), PolicyFixture.CREATED)
            .edits()
            .get(0);

    assertTrue(edit.after().orElseThrow().meta().deleting());
    assertTrue(edit.isOfDeleted());
  }

  @Test
  void listsAreTakenApart() throws Exception {
    PolicyEdits edits =
        edits(
            "{apiVersion: v1, kind: List, items: ["
                + document("a", "{}")
                + ", "
                + document("b", "{}")
                + "]}",
            List.of());

    assertEquals(List.of("a", "b"), edits.edits().stream().map(PolicyEdit::name).toList());
  }

  @Test
  void theRulesThatOnlyAServerChecksAreCounted() {
    assertTrue(PolicySchema.packaged().rules() > 5);
  }

  private static List<String> problems(String yaml) {
    return assertThrows(InvalidEditsException.class, () -> edits(yaml, List.of())).problems();
  }

  private static PolicyEdit edit(String yaml) throws InvalidEditsException {
    return edits(yaml, List.of()).edits().get(0);
  }

  private static PolicyEdits edits(String yaml, List<String> deletions)
      throws InvalidEditsException {
    PolicyParser parser = new PolicyParser();
    parser.parse("f.yaml", yaml);
    return PolicyEdits.of(parser.policies(), deletions, List.of(BASE), PolicyFixture.CREATED);
  }
}
