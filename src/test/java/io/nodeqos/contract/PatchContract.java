// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;

/** The patch types, and optimistic locking through them. */
abstract class PatchContract extends Contract {
  private static final String TWO_TAINTS =
      json("{'spec':{'taints':[%s,%s]}}", taint("contract.test/a"), taint("contract.test/b"));

  private static String taint(String key) {
    return json("{'key':'%s','effect':'NoSchedule'}", key);
  }

  @Test
  void mergePatchSetsAndRemovesSingleLabels() {
    String name = createNode(unique("node")).name();
    api().merge(nodePath(name), json("{'metadata':{'labels':{'a':'1','b':'2'}}}")).expect(200);

    Answer patched =
        api().merge(nodePath(name), json("{'metadata':{'labels':{'a':null,'c':'3'}}}")).expect(200);

    assertFalse(patched.has("metadata", "labels", "a"), "null removes");
    assertEquals("2", patched.at("metadata", "labels", "b"), "other labels stay");
    assertEquals("3", patched.at("metadata", "labels", "c"));
  }

  @Test
  void mergePatchReplacesListsWhole() {
    String name = createNode(unique("node")).name();
    api().merge(nodePath(name), TWO_TAINTS).expect(200);

    Answer patched =
        api()
            .merge(nodePath(name), json("{'spec':{'taints':[%s]}}", taint("contract.test/b")))
            .expect(200);

    assertEquals(1, patched.json().getAsJsonObject("spec").getAsJsonArray("taints").size());
    assertEquals("contract.test/b", patched.at("spec", "taints", "0", "key"));
  }

  @Test
  void patchWithTheCurrentVersionIsApplied() {
    Answer node = createNode(unique("node"));

    Answer patched =
        api()
            .merge(
                nodePath(node.name()),
                json("{'metadata':{'resourceVersion':'%s','labels':{'a':'b'}}}", node.version()))
            .expect(200);

    assertEquals("b", patched.at("metadata", "labels", "a"));
  }

  @Test
  void patchOfAnyTypeWithAnOlderVersionIsAConflict() {
    Answer node = createNode(unique("node"));
    String path = nodePath(node.name());
    api().merge(path, json("{'metadata':{'labels':{'a':'b'}}}")).expect(200);
    String stale = json("{'metadata':{'resourceVersion':'%s','labels':{'a':'c'}}}", node.version());

    assertEquals("Conflict", api().merge(path, stale).expect(409).at("reason"));
    api().patch(path, ContractClient.STRATEGIC, stale).expect(409);
    api().patch(path + "/status", ContractClient.STRATEGIC, stale).expect(409);
    assertEquals("b", api().get(path).at("metadata", "labels", "a"), "nothing was written");
  }

  @Test
  void stalePatchThatChangesNothingIsAConflict() {
    Answer node = createNode(unique("node"));
    String path = nodePath(node.name());
    api().merge(path, json("{'metadata':{'labels':{'a':'b'}}}")).expect(200);

    api()
        .merge(
            path, json("{'metadata':{'resourceVersion':'%s','labels':{'a':'b'}}}", node.version()))
        .expect(409);
  }

  @Test
  void jsonPatchAddsWithAnEscapedSlashInThePath() {
    Answer node = createNode(unique("node"));

    Answer patched =
        api()
            .patch(
                nodePath(node.name()),
                ContractClient.JSON_PATCH,
                json("[{'op':'add','path':'/metadata/labels/contract.test~1key','value':'v'}]"))
            .expect(200);

    assertEquals("v", patched.at("metadata", "labels", "contract.test/key"));
  }

  @Test
  void jsonPatchInsertsAndRemovesListItemsByIndex() {
    String name = createNode(unique("node")).name();
    api().merge(nodePath(name), TWO_TAINTS).expect(200);

    Answer patched =
        api()
            .patch(
                nodePath(name),
                ContractClient.JSON_PATCH,
                json(
                    "[{'op':'remove','path':'/spec/taints/0'},"
                        + "{'op':'add','path':'/spec/taints/0','value':%s},"
                        + "{'op':'add','path':'/spec/taints/-','value':%s}]",
                    taint("contract.test/first"), taint("contract.test/last")))
            .expect(200);

    assertEquals("contract.test/first", patched.at("spec", "taints", "0", "key"));
    assertEquals("contract.test/b", patched.at("spec", "taints", "1", "key"));
    assertEquals("contract.test/last", patched.at("spec", "taints", "2", "key"));
  }

  @Test
  void jsonPatchWhoseTestFailsChangesNothing() {
    Answer node = createNode(unique("node"));
    String patch =
        json(
            "[{'op':'test','path':'/metadata/labels/contract','value':'other'},"
                + "{'op':'add','path':'/metadata/labels/a','value':'b'}]");

    api().patch(nodePath(node.name()), ContractClient.JSON_PATCH, patch).expect(422);

    assertEquals(node.version(), api().get(nodePath(node.name())).version());
  }

  @Test
  void jsonPatchWhoseTestHoldsIsApplied() {
    String name = createNode(unique("node")).name();
    String patch =
        json(
            "[{'op':'test','path':'/metadata/labels/contract','value':'%s'},"
                + "{'op':'replace','path':'/metadata/labels/contract','value':'b'}]",
            name);

    Answer patched = api().patch(nodePath(name), ContractClient.JSON_PATCH, patch).expect(200);

    assertEquals("b", patched.at("metadata", "labels", "contract"));
  }

  @Test
  void jsonPatchThatRemovesAnAbsentFieldIsRefused() {
    String name = createNode(unique("node")).name();

    api()
        .patch(
            nodePath(name),
            ContractClient.JSON_PATCH,
            json("[{'op':'remove','path':'/metadata/labels/absent'}]"))
        .expect(422);
  }

  @Test
  void strategicPatchReplacesTaintsAsAWhole() {
    String name = createNode(unique("node")).name();
    api().merge(nodePath(name), TWO_TAINTS).expect(200);

    Answer patched =
        api()
            .patch(
                nodePath(name),
                ContractClient.STRATEGIC,
                json("{'spec':{'taints':[%s]}}", taint("contract.test/c")))
            .expect(200);

    assertEquals(1, patched.json().getAsJsonObject("spec").getAsJsonArray("taints").size());
  }

  @Test
  void taintsMustBeUniqueByKeyAndEffect() {
    String name = createNode(unique("node")).name();
    String twice =
        json("{'spec':{'taints':[%s,%s]}}", taint("contract.test/a"), taint("contract.test/a"));

    api().merge(nodePath(name), twice).expect(422);
  }

  @Test
  void taintMustHaveAKnownEffect() {
    String name = createNode(unique("node")).name();

    api().merge(nodePath(name), json("{'spec':{'taints':[{'key':'a','effect':'x'}]}}")).expect(422);
  }

  @Test
  void strategicPatchWithTheReplaceDirectiveReplacesAMap() {
    String name = createNode(unique("node")).name();

    Answer patched =
        api()
            .patch(
                nodePath(name),
                ContractClient.STRATEGIC,
                json("{'metadata':{'labels':{'$patch':'replace','only':'this'}}}"))
            .expect(200);

    JsonObject labels = patched.json().getAsJsonObject("metadata").getAsJsonObject("labels");
    assertEquals(json("{'only':'this'}"), labels.toString());
  }

  @Test
  void strategicPatchMergesContainersByName() {
    String namespace = createNamespace();
    String daemonSets = "/apis/apps/v1/namespaces/" + namespace + "/daemonsets";
    create(
        daemonSets,
        json(
            "{'kind':'DaemonSet','apiVersion':'apps/v1','metadata':{'name':'d'},'spec':{"
                + "'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                + "'spec':{'containers':[{'name':'one','image':'i1'},{'name':'two','image':'i2'}]}}}}"));

    Answer patched =
        api()
            .patch(
                daemonSets + "/d",
                ContractClient.STRATEGIC,
                json("{'spec':{'template':{'spec':{'containers':[{'name':'two','image':'i3'}]}}}}"))
            .expect(200);

    String[] containers = {"spec", "template", "spec", "containers"};
    assertEquals(2, Answer.find(patched.json(), containers).getAsJsonArray().size());
    assertTrue(patched.body().contains("i1") && patched.body().contains("i3"), "one is kept");
    assertEquals("2", patched.at("metadata", "generation"), "the spec has changed once");
  }

  @Test
  void patchOfAnUnknownContentTypeIsUnsupported() {
    String name = createNode(unique("node")).name();

    Answer refused = api().patch(nodePath(name), ContractClient.JSON, "{}").expect(415);

    assertEquals("UnsupportedMediaType", refused.at("reason"));
  }

  @Test
  void patchWithoutJsonIsABadRequest() {
    String name = createNode(unique("node")).name();

    api().merge(nodePath(name), "{\"metadata\": ").expect(400);
  }

  @Test
  void patchOfAnAbsentObjectIsNotFound() {
    api().merge(nodePath(unique("node")), json("{'metadata':{'labels':{'a':'b'}}}")).expect(404);
  }

  @Test
  void patchCannotRenameAnObject() {
    String name = createNode(unique("node")).name();

    api().merge(nodePath(name), json("{'metadata':{'name':'%s-other'}}", name)).expect(400);
  }

  @Test
  void patchCannotGiveAnObjectAnotherUid() {
    String name = createNode(unique("node")).name();
    String patch = json("{'metadata':{'uid':'00000000-0000-0000-0000-000000000000'}}");

    Answer refused = api().merge(nodePath(name), patch).expect(422);

    assertEquals("metadata.uid", refused.at("details", "causes", "0", "field"));
  }

  @Test
  void patchReplyIsTheObjectAsItIsStored() {
    String name = createNode(unique("node")).name();

    Answer patched = api().merge(nodePath(name), TWO_TAINTS).expect(200);

    assertEquals(api().get(nodePath(name)).json(), patched.json());
  }
}
