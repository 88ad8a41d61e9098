// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Deletion: finalizers, preconditions, grace periods. */
abstract class DeleteContract extends Contract {

  private Answer createHeldNode() {
    return create(
        NODES,
        with(
            new Answer(0, "", node(unique("node"))),
            json("{'metadata':{'finalizers':['contract.test/hold']}}")));
  }

  @Test
  void deletionIsAnsweredWithASuccessThatNamesTheObject() {
    Answer node = createNode(unique("node"));

    Answer deleted = api().delete(nodePath(node.name())).expect(200);

    assertEquals("Status", deleted.at("kind"));
    assertEquals("Success", deleted.at("status"));
    assertEquals(node.name(), deleted.at("details", "name"));
    assertEquals(node.uid(), deleted.at("details", "uid"));
    api().get(nodePath(node.name())).expect(404);
  }

  @Test
  void absentObjectCannotBeDeleted() {
    api().delete(nodePath(unique("node"))).expect(404);
  }

  @Test
  void objectCreatedAgainUnderItsNameHasAnotherUid() {
    Answer first = createNode(unique("node"));
    api().delete(nodePath(first.name())).expect(200);

    Answer second = createNode(first.name());

    assertNotEquals(first.uid(), second.uid());
    assertTrue(Long.parseLong(second.version()) > Long.parseLong(first.version()));
  }

  @Test
  void objectWithAFinalizerStaysMarkedForDeletion() {
    Answer node = createHeldNode();

    Answer answer = api().delete(nodePath(node.name())).expect(200);

    assertEquals("Node", answer.at("kind"), "the answer is the object, which is still there");
    Answer marked = api().get(nodePath(node.name())).expect(200);
    assertFalse(marked.at("metadata", "deletionTimestamp").isEmpty());
    assertEquals("contract.test/hold", marked.at("metadata", "finalizers", "0"));
  }

  @Test
  void objectIsDeletedWithItsLastFinalizer() {
    Answer node = createHeldNode();
    api().delete(nodePath(node.name())).expect(200);

    api().merge(nodePath(node.name()), json("{'metadata':{'finalizers':null}}")).expect(200);

    api().get(nodePath(node.name())).expect(404);
  }

  @Test
  void secondDeletionChangesNothing() {
    Answer node = createHeldNode();
    Answer first = api().delete(nodePath(node.name())).expect(200);

    Answer second = api().delete(nodePath(node.name())).expect(200);

    assertEquals(
        first.at("metadata", "deletionTimestamp"), second.at("metadata", "deletionTimestamp"));
    assertEquals(first.version(), second.version());
  }

  @Test
  void objectInDeletionCanStillBeChangedButGetsNoNewFinalizer() {
    Answer node = createHeldNode();
    api().delete(nodePath(node.name())).expect(200);

    api()
        .merge(
            nodePath(node.name()),
            json("{'metadata':{'finalizers':['contract.test/hold','contract.test/new']}}"))
        .expect(422);
    api().merge(nodePath(node.name()), json("{'metadata':{'labels':{'a':'b'}}}")).expect(200);
  }

  @Test
  void deletionTimestampCannotBeRemoved() {
    Answer node = createHeldNode();
    api().delete(nodePath(node.name())).expect(200);

    api().merge(nodePath(node.name()), json("{'metadata':{'deletionTimestamp':null}}"));

    Answer still = api().get(nodePath(node.name())).expect(200);
    assertFalse(still.at("metadata", "deletionTimestamp").isEmpty());
  }

  @Test
  void deletionOfAnotherUidIsAConflict() {
    Answer node = createNode(unique("node"));

    Answer refused =
        api()
            .delete(
                nodePath(node.name()),
                json(
                    "{'kind':'DeleteOptions','apiVersion':'v1','preconditions':{"
                        + "'uid':'00000000-0000-0000-0000-000000000000'}}"))
            .expect(409);

    assertEquals("Conflict", refused.at("reason"));
    api().get(nodePath(node.name())).expect(200);
  }

  @Test
  void onlyDeletionOfAnOlderVersionIsAConflict() {
    Answer node = createNode(unique("node"));
    Answer changed =
        api().merge(nodePath(node.name()), json("{'metadata':{'labels':{'a':'b'}}}")).expect(200);
    String options =
        "{'kind':'DeleteOptions','apiVersion':'v1','preconditions':{'resourceVersion':'%s'}}";

    api().delete(nodePath(node.name()), json(options, node.version())).expect(409);
    api().delete(nodePath(node.name()), json(options, changed.version())).expect(200);
  }

  @Test
  void dryRunOfADeletionDeletesNothing() {
    Answer node = createNode(unique("node"));

    api().delete(nodePath(node.name()) + "?dryRun=All").expect(200);

    assertEquals(node.version(), api().get(nodePath(node.name())).expect(200).version());
  }

  @Test
  void podOnANodeIsGivenItsGracePeriod() {
    String namespace = createNamespace();
    create(pods(namespace), pod("p", unique("node")));

    Answer answer = api().delete(pods(namespace) + "/p").expect(200);

    assertEquals("Pod", answer.at("kind"));
    assertEquals("30", answer.at("metadata", "deletionGracePeriodSeconds"));
    api().get(pods(namespace) + "/p").expect(200);
  }

  @Test
  void podIsDeletedAtOnceWithoutAGracePeriod() {
    String namespace = createNamespace();
    create(pods(namespace), pod("p", unique("node")));
    api().delete(pods(namespace) + "/p").expect(200);

    api()
        .delete(
            pods(namespace) + "/p",
            json("{'kind':'DeleteOptions','apiVersion':'v1','gracePeriodSeconds':0}"))
        .expect(200);

    api().get(pods(namespace) + "/p").expect(404);
  }

  @Test
  void podWithoutANodeIsDeletedAtOnce() {
    String namespace = createNamespace();
    create(pods(namespace), pod("p", ""));

    api().delete(pods(namespace) + "/p").expect(200);

    api().get(pods(namespace) + "/p").expect(404);
  }

  @Test
  void collectionIsDeletedByItsLabels() {
    String namespace = createNamespace();
    create(configMaps(namespace), configMap("a", json("'x':'1'")));
    create(configMaps(namespace), configMap("b", json("'x':'2'")));

    api().delete(configMaps(namespace) + "?labelSelector=x%3D1").expect(200);

    assertEquals(List.of("b"), api().get(configMaps(namespace)).names());
  }

  @Test
  void deletedNamespaceTakesNoNewObjects() {
    String namespace = createNamespace();
    api().delete("/api/v1/namespaces/" + namespace).expect(200);

    Answer refused = api().post(configMaps(namespace), configMap("a", ""));

    assertTrue(
        refused.code() == 403 || refused.code() == 404,
        "403 while it is being emptied, 404 when it is gone, but was " + refused.code());
  }
}
