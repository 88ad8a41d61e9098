// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.CsiNodeView;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.NamespaceView;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.Completion;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SmallCodecsTest {
  private final Interning interning = new Interning();
  private final DaemonSetCodec daemonSets = new DaemonSetCodec(interning);

  private NodeView node(String name, String labels) throws IOException {
    return Samples.decode(
        new NodeCodec(interning, Set.of()),
        "{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"1\",\"labels\":{%s}}}"
            .formatted(name, labels));
  }

  @Test
  void revisionIsReadBackAndAChangedOneIsNotIntact() throws IOException {
    PolicyRevision stored =
        PolicyFixture.stored("p", 7, "{'images': [], 'priority': 3}", Completion.PENDING);
    PolicyObject.Meta owner = PolicyFixture.policy("p", "{}").meta();
    String written =
        stored
            .toCreate(owner, "nodeqos-system")
            .replace("\"metadata\":{", "\"metadata\":{\"resourceVersion\":\"1\",\"uid\":\"u\",");
    PolicyRevision read = Samples.decode(new RevisionCodec(), written);
    assertTrue(read.isIntact(), written);
    assertEquals("uid-p", read.policyUid());
    assertEquals(7, read.generation());
    assertTrue(read.saysWhat(stored));
    assertEquals(Completion.PENDING, read.completion());
    String completed = written.replace("completed\":\"false\"", "completed\":\"true\"");
    assertEquals(Completion.COMPLETED, Samples.decode(new RevisionCodec(), completed).completion());
    String old = written.replace("nodeqos.io/completed", "completed");
    assertEquals(Completion.UNKNOWN, Samples.decode(new RevisionCodec(), old).completion());

    for (String other :
        List.of("{}", "null", "[1]", "{\"spec\":3}", "{\"spec\":{\"template\":{}}}")) {
      String data =
          written.replaceFirst("\"data\":.*,\"revision\"", "\"data\":" + other + ",\"revision\"");
      assertFalse(Samples.decode(new RevisionCodec(), data).isIntact(), data);
    }
  }

  @Test
  void placementOfADaemonSetIsRead() throws IOException {
    DaemonSetView set = Samples.decode(daemonSets, Samples.read("daemonset.json"));

    assertEquals(
        Map.of("k8s-app", "cilium", "app.kubernetes.io/part-of", "cilium"), set.podLabels());
    String linux = "\"kubernetes.io/os\":\"linux\"";
    assertTrue(set.places(node("a", linux + ",\"cores\":\"4\""), taint -> false), "first term");
    assertFalse(set.places(node("a", linux + ",\"cores\":\"2\""), taint -> false), "too few cores");
    assertTrue(set.places(node("worker-1", linux), taint -> false), "second term, by name");
    assertFalse(
        set.places(node("worker-1", ""), taint -> false), "the node selector holds as well");
  }

  @Test
  void daemonSetWithoutAffinityHasNoTerms() throws IOException {
    DaemonSetView set =
        Samples.decode(
            daemonSets,
            "{\"metadata\":{\"name\":\"d\",\"resourceVersion\":\"1\"},\"spec\":{\"template\":{\"spec\":{\"affinity\":{\"nodeAffinity\":null}}}}}");

    assertEquals(Optional.empty(), set.placement().affinityTerms());
  }

  @Test
  void daemonSetForOneNodeByItsNamePlacesNoPodElsewhere() throws IOException {
    String named = "\"spec\":{\"nodeName\":\"worker-1\"";
    String onOne =
        "{\"metadata\":{\"name\":\"d\",\"resourceVersion\":\"1\"},\"spec\":{\"template\":{%s}}}}"
            .formatted(named);
    DaemonSetView set = Samples.decode(daemonSets, onOne);
    assertTrue(set.places(node("worker-1", ""), taint -> false));
    assertFalse(set.places(node("worker-2", ""), taint -> false));

    DaemonSetView withTerms =
        Samples.decode(
            daemonSets,
            Samples.read("daemonset.json")
                .replaceFirst("\"nodeSelector\"", "\"nodeName\":\"a\",\"nodeSelector\""));
    String linux = "\"kubernetes.io/os\":\"linux\",\"cores\":\"4\"";
    assertTrue(withTerms.places(node("a", linux), taint -> false));
    assertFalse(
        withTerms.places(node("b", linux), taint -> false), "its terms match, its name does not");
    assertFalse(withTerms.places(node("worker-1", linux), taint -> false));
  }

  @Test
  void unknownOperatorMatchesNothing() throws IOException {
    DaemonSetView set =
        Samples.decode(
            daemonSets, Samples.read("daemonset.json").replace("\"Gt\"", "\"SemverGt\""));

    assertFalse(
        set.places(node("a", "\"kubernetes.io/os\":\"linux\",\"cores\":\"4\""), taint -> false));
  }

  @Test
  void csiNodeListsItsDrivers() throws IOException {
    assertEquals(
        new CsiNodeView("n", "7", Set.of("ebs.csi.aws.com", "efs.csi.aws.com")),
        Samples.decode(
            new CsiNodeCodec(interning),
            "{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"7\"},\"spec\":{\"drivers\":[{\"name\":\"ebs.csi.aws.com\",\"nodeID\":\"i\",\"allocatable\":{\"count\":25}},{\"name\":\"efs.csi.aws.com\"}]}}"));
    assertEquals(
        new CsiNodeView("n", "7", Set.of()),
        Samples.decode(
            new CsiNodeCodec(interning),
            "{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"7\"},\"spec\":{\"drivers\":null}}"));
  }

  @Test
  void namespaceIsReservedByTheExactValueOnly() throws IOException {
    assertTrue(namespace("\"nodeqos.io/reserved\":\"true\"").reserved());
    assertFalse(namespace("\"nodeqos.io/reserved\":\"yes\"").reserved());
    assertFalse(namespace("\"other\":\"true\"").reserved());
  }

  private static NamespaceView namespace(String labels) throws IOException {
    return Samples.decode(
        new NamespaceCodec(),
        "{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"7\",\"labels\":{%s}}}"
            .formatted(labels));
  }

  @Test
  void policyKeepsSpecAndStatusUnchanged() throws IOException {
    PolicyObject policy =
        Samples.decode(
            new PolicyCodec(),
            "{\"metadata\":{\"name\":\"p\",\"resourceVersion\":\"7\",\"generation\":3,\"uid\":\"u\",\"finalizers\":[\"a.b/c\",\"d.e/f\"]},\"spec\":{\"priority\":5,\"later\":[1]},\"status\":null}");

    assertEquals(3, policy.meta().generation());
    assertEquals("{\"priority\":5,\"later\":[1]}", policy.spec().toString());
    assertEquals("{}", policy.status().toString(), "absent reads as empty");
    assertEquals(List.of("a.b/c", "d.e/f"), policy.meta().finalizers());
    assertEquals("", policy.confirm());
  }

  @Test
  void confirmationIsRead() throws IOException {
    PolicyObject policy =
        Samples.decode(
            new PolicyCodec(),
            "{\"metadata\":{\"name\":\"p\",\"resourceVersion\":\"7\",\"annotations\":{\"other\":\"x\",\"nodeqos.io/confirm\":\"0a1b\"}}}");

    assertEquals("0a1b", policy.confirm());
  }
}
