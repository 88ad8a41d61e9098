// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.preview.PreviewFixture.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.Section;
import io.nodeqos.preview.edit.PolicyEdit.Action;
import java.util.List;
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
            "f.yaml, document 1: the object is a Deployment of apps/v1, must be a NodeQoSPolicy of"
                + " nodeqos.io/v1alpha1",
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
                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}\n---\n"
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
    assertTrue(problems.get(0).startsWith("f.yaml:2: is not YAML: "), problems.get(0));
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

  private static PolicyEdit edit(String yaml) throws InvalidEditsException {
    return edits(yaml, List.of()).edits().get(0);
  }

  private static PolicyEdits edits(String yaml, List<String> deletions)
      throws InvalidEditsException {
    PolicyParser parser = new PolicyParser();
    parser.parse("f.yaml", yaml);
    return PolicyEdits.of(parser.documents(), deletions, List.of(BASE), PolicyFixture.CREATED);
  }
}
