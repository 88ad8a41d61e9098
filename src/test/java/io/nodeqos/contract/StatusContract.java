// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The status subresource of Nodes and Pods, conditions and extended resources. */
abstract class StatusContract extends Contract {

  private Answer strategicStatus(String node, String patch) {
    return api().patch(nodePath(node) + "/status", ContractClient.STRATEGIC, patch).expect(200);
  }

  @Test
  void nodeIsRegisteredTogetherWithItsStatus() {
    String name = unique("node");

    Answer created =
        create(
            NODES,
            json(
                "{'kind':'Node','apiVersion':'v1','metadata':{'name':'%s'},"
                    + "'status':{'capacity':{'cpu':'4'}}}",
                name));

    assertEquals("4", created.at("status", "capacity", "cpu"));
  }

  @Test
  void writeOfTheNodeItselfLeavesTheStatusAlone() {
    String name = createNode(unique("node")).name();
    strategicStatus(name, json("{'status':{'capacity':{'cpu':'4'}}}"));

    Answer patched =
        api()
            .merge(
                nodePath(name),
                json("{'metadata':{'labels':{'a':'b'}},'status':{'capacity':{'cpu':'8'}}}"))
            .expect(200);

    assertEquals("b", patched.at("metadata", "labels", "a"));
    assertEquals("4", patched.at("status", "capacity", "cpu"));
  }

  @Test
  void writeOfTheNodeStatusLeavesTheSpecAlone() {
    String name = createNode(unique("node")).name();

    Answer patched =
        strategicStatus(
            name, json("{'spec':{'unschedulable':true},'status':{'capacity':{'cpu':'4'}}}"));

    assertEquals("4", patched.at("status", "capacity", "cpu"));
    assertFalse(patched.has("spec", "unschedulable"));
  }

  @Test
  void writeOfTheNodeStatusMayChangeLabelsToo() {
    String name = createNode(unique("node")).name();

    Answer patched = strategicStatus(name, json("{'metadata':{'labels':{'a':'b'}}}"));

    assertEquals("b", patched.at("metadata", "labels", "a"));
  }

  @Test
  void conditionsAreMergedByTypeAndForeignOnesStay() {
    String name = createNode(unique("node")).name();
    strategicStatus(name, json("{'status':{'conditions':[{'type':'Ready','status':'True'}]}}"));

    strategicStatus(
        name, json("{'status':{'conditions':[{'type':'contract.test/C','status':'False'}]}}"));
    Answer patched =
        strategicStatus(
            name, json("{'status':{'conditions':[{'type':'contract.test/C','status':'True'}]}}"));

    assertEquals(2, Answer.find(patched.json(), "status", "conditions").getAsJsonArray().size());
    assertTrue(patched.body().contains(json("'type':'Ready'")), "the foreign condition stays");
    assertFalse(patched.body().contains(json("'status':'False'")), "ours is overwritten");
  }

  @Test
  void newConditionsComeFirstAndKnownOnesKeepTheirPlace() {
    String name = createNode(unique("node")).name();
    strategicStatus(
        name,
        json(
            "{'status':{'conditions':[{'type':'A','status':'True'},{'type':'B','status':'True'},"
                + "{'type':'C','status':'True'}]}}"));

    Answer patched =
        strategicStatus(
            name,
            json(
                "{'status':{'conditions':[{'type':'B','status':'False'},"
                    + "{'type':'New','status':'True'}]}}"));

    StringBuilder order = new StringBuilder();
    Answer.find(patched.json(), "status", "conditions")
        .getAsJsonArray()
        .forEach(condition -> order.append(Answer.at(condition, "type")).append(' '));
    assertEquals("A B New C ", order.toString());
  }

  @Test
  void oneConditionIsRemovedByTheDeleteDirective() {
    String name = createNode(unique("node")).name();
    strategicStatus(
        name,
        json(
            "{'status':{'conditions':[{'type':'Ready','status':'True'},"
                + "{'type':'contract.test/C','status':'True'}]}}"));

    Answer patched =
        strategicStatus(
            name, json("{'status':{'conditions':[{'type':'contract.test/C','$patch':'delete'}]}}"));

    assertEquals(1, Answer.find(patched.json(), "status", "conditions").getAsJsonArray().size());
    assertEquals("Ready", patched.at("status", "conditions", "0", "type"));
  }

  @Test
  void oneExtendedResourceIsRemovedByNull() {
    String name = createNode(unique("node")).name();
    strategicStatus(
        name,
        json("{'status':{'capacity':{'cpu':'4','contract.test/a':'1','contract.test/b':'2'}}}"));

    Answer patched =
        strategicStatus(name, json("{'status':{'capacity':{'contract.test/a':null}}}"));

    assertFalse(patched.has("status", "capacity", "contract.test/a"));
    assertEquals("2", patched.at("status", "capacity", "contract.test/b"));
    assertEquals("4", patched.at("status", "capacity", "cpu"));
  }

  @Test
  void capacityWithoutAllocatableResourcesIsAllocatable() {
    String name = createNode(unique("node")).name();

    Answer patched = strategicStatus(name, json("{'status':{'capacity':{'cpu':'4'}}}"));
    Answer more = strategicStatus(name, json("{'status':{'capacity':{'contract.test/a':'1'}}}"));

    assertEquals("4", patched.at("status", "allocatable", "cpu"));
    assertFalse(
        more.has("status", "allocatable", "contract.test/a"), "only while there are none at all");
  }

  @Test
  void quantitiesAreGivenBackInCanonicalForm() {
    String name = createNode(unique("node")).name();

    Answer patched =
        strategicStatus(
            name,
            json(
                "{'status':{'capacity':{'cpu':'0.5','memory':'1024Ki','contract.test/a':'4000',"
                    + "'contract.test/b':'4096','contract.test/c':'1e3','contract.test/d':'1000Ki',"
                    + "'contract.test/e':'0.5Gi','contract.test/f':'1500000','contract.test/g':'512Ki'}}}"));

    assertEquals("500m", patched.at("status", "capacity", "cpu"));
    assertEquals("1Mi", patched.at("status", "capacity", "memory"));
    assertEquals("4k", patched.at("status", "capacity", "contract.test/a"));
    assertEquals("4096", patched.at("status", "capacity", "contract.test/b"));
    assertEquals("1e3", patched.at("status", "capacity", "contract.test/c"));
    assertEquals("1000Ki", patched.at("status", "capacity", "contract.test/d"));
    assertEquals("512Mi", patched.at("status", "capacity", "contract.test/e"));
    assertEquals("1500k", patched.at("status", "capacity", "contract.test/f"));
    assertEquals("512Ki", patched.at("status", "capacity", "contract.test/g"));
  }

  @Test
  void partsOfAThousandthAreRoundedUp() {
    String name = createNode(unique("node")).name();

    Answer patched =
        strategicStatus(name, json("{'status':{'capacity':{'cpu':'1500u','memory':'1.0005Ki'}}}"));

    assertEquals("2m", patched.at("status", "capacity", "cpu"));
    assertEquals("1024512m", patched.at("status", "capacity", "memory"), "not rounded to bytes");
  }

  @Test
  void extendedResourceMustBeAWholeNumberAndNoneMayBeNegative() {
    String path = nodePath(createNode(unique("node")).name()) + "/status";

    api().merge(path, json("{'status':{'capacity':{'contract.test/a':'1.5'}}}")).expect(422);
    api().merge(path, json("{'status':{'allocatable':{'contract.test/a':'500m'}}}")).expect(422);
    api().merge(path, json("{'status':{'capacity':{'cpu':'-1'}}}")).expect(422);
  }

  @Test
  void sameQuantityInAnotherNotationChangesNothing() {
    String name = createNode(unique("node")).name();
    Answer first = strategicStatus(name, json("{'status':{'capacity':{'cpu':'4'}}}"));

    Answer second = strategicStatus(name, json("{'status':{'capacity':{'cpu':'4000m'}}}"));

    assertEquals(first.version(), second.version());
  }

  @Test
  void replacementOfTheStatusWithAnOlderVersionIsAConflict() {
    Answer old = createNode(unique("node"));
    strategicStatus(old.name(), json("{'status':{'capacity':{'cpu':'4'}}}"));

    api()
        .put(
            nodePath(old.name()) + "/status",
            with(old, json("{'status':{'capacity':{'cpu':'8'}}}")))
        .expect(409);
  }

  @Test
  void statusCanBeReadAlone() {
    Answer node = createNode(unique("node"));

    Answer status = api().get(nodePath(node.name()) + "/status").expect(200);

    assertEquals(node.version(), status.version());
  }

  @Test
  void subresourceThatDoesNotExistIsNotFound() {
    String name = createNode(unique("node")).name();

    api().get(nodePath(name) + "/nosuchthing").expect(404);
  }

  @Test
  void newPodIsPendingDespiteTheStatusInItsCreation() {
    String namespace = createNamespace();
    String claims = with(new Answer(0, "", pod("p", "")), json("{'status':{'phase':'Running'}}"));

    Answer created = create(pods(namespace), claims);

    assertEquals("Pending", created.at("status", "phase"));
  }

  @Test
  void podStatusIsWrittenThroughItsSubresource() {
    String namespace = createNamespace();
    create(pods(namespace), pod("p", ""));

    Answer patched =
        api()
            .patch(
                pods(namespace) + "/p/status",
                ContractClient.STRATEGIC,
                json(
                    "{'status':{'phase':'Running',"
                        + "'conditions':[{'type':'Ready','status':'True'}]}}"))
            .expect(200);

    assertEquals("Running", patched.at("status", "phase"));
    assertEquals("Running", api().get(pods(namespace) + "/p").at("status", "phase"));
  }
}
