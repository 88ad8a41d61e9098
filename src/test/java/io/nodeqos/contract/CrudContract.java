// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Create, read, replace, and their refusals. */
abstract class CrudContract extends Contract {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

  @Test
  void createdObjectGetsUidVersionAndACreationTimeInWholeSeconds() {
    Answer node = createNode(unique("node"));

    assertFalse(node.uid().isEmpty(), "the server assigns a uid");
    assertTrue(Long.parseLong(node.version()) > 0, "the version is a positive decimal number");
    Instant created = Instant.parse(node.at("metadata", "creationTimestamp"));
    assertEquals(0, created.getNano(), "metadata times have whole seconds");
  }

  @Test
  void readGivesBackTheCreatedObject() {
    Answer created = createNode(unique("node"));

    Answer read = api().get(nodePath(created.name())).expect(200);

    assertEquals(created.json(), read.json(), "GET after POST shows the same object");
  }

  @Test
  void secondCreationOfTheSameNameIsRefusedAsAlreadyExists() {
    String name = createNode(unique("node")).name();

    Answer refused = api().post(NODES, node(name)).expect(409);

    assertEquals("AlreadyExists", refused.at("reason"));
    assertEquals("nodes", refused.at("details", "kind"));
    assertEquals(name, refused.at("details", "name"));
    assertEquals("nodes \"" + name + "\" already exists", refused.at("message"));
  }

  @Test
  void readOfAnAbsentObjectReturnsAStatusWithItsName() {
    Answer absent = api().get(LEASES + "/no-such-lease").expect(404);

    assertEquals("Status", absent.at("kind"));
    assertEquals("Failure", absent.at("status"));
    assertEquals("NotFound", absent.at("reason"));
    assertEquals("404", absent.at("code"));
    assertEquals("coordination.k8s.io", absent.at("details", "group"));
    assertEquals(
        "leases.coordination.k8s.io \"no-such-lease\" not found",
        absent.at("message"),
        "kubectl prints this sentence");
  }

  @Test
  void pathOfAnUnknownResourceIsNotFound() {
    api().get("/api/v1/nosuchthings").expect(404);
    api().get("/apis/no.such.group/v1/things").expect(404);
  }

  @Test
  void generateNameIsCompletedByTheServer() {
    String prefix = unique("generated") + "-";
    String body =
        json("{'kind':'Node','apiVersion':'v1','metadata':{'generateName':'%s'}}", prefix);

    String first = create(NODES, body).name();
    String second = create(NODES, body).name();

    assertTrue(first.startsWith(prefix) && first.length() == prefix.length() + 5, first);
    assertNotEquals(first, second, "each creation gets a name of its own");
  }

  @Test
  void objectWithoutAnyNameIsInvalid() {
    Answer refused =
        api().post(NODES, json("{'kind':'Node','apiVersion':'v1','metadata':{}}")).expect(422);

    assertEquals("Invalid", refused.at("reason"));
  }

  @Test
  void nameThatIsNoDnsSubdomainIsInvalidAndTheFieldIsNamed() {
    Answer refused = api().post(NODES, node("Not_A_Name")).expect(422);

    assertEquals("Invalid", refused.at("reason"));
    assertEquals("metadata.name", refused.at("details", "causes", "0", "field"));
  }

  @Test
  void labelValueWithASpaceIsInvalid() {
    String name = createNode(unique("node")).name();

    Answer refused =
        api().merge(nodePath(name), json("{'metadata':{'labels':{'a':'not valid'}}}")).expect(422);

    assertEquals("metadata.labels", refused.at("details", "causes", "0", "field"));
  }

  @Test
  void annotationsMayNotExceedTheirTotalSize() {
    String name = createNode(unique("node")).name();
    String large = "x".repeat(262_145);

    api().merge(nodePath(name), json("{'metadata':{'annotations':{'a':'%s'}}}", large)).expect(422);
  }

  @Test
  void bodyWithoutJsonIsABadRequest() {
    Answer refused = api().post(NODES, "{\"kind\": ").expect(400);

    assertEquals("BadRequest", refused.at("reason"));
  }

  @ParameterizedTest
  @MethodSource("io.nodeqos.contract.Contract#wrongMetadata")
  void metadataOfAWrongTypeIsABadRequestAndInvalidAfterAPatch(String field) {
    String name = createNode(unique("node")).name();
    String node = "{'kind':'Node','apiVersion':'v1','metadata':{'name':'%s',%s}}";

    api().post(NODES, json(node, unique("node"), field)).expect(400);
    api().put(nodePath(name), json(node, name, field)).expect(400);
    api().merge(nodePath(name), json("{'metadata':{%s}}", field)).expect(422);
    api()
        .patch(nodePath(name), ContractClient.STRATEGIC, json("{'metadata':{%s}}", field))
        .expect(422);
  }

  @Test
  void bodyOfAnotherKindIsABadRequest() {
    api().post(NODES, json("{'kind':'Pod','apiVersion':'v1','metadata':{'name':'a'}}")).expect(400);
  }

  @Test
  void objectToBeCreatedMustNotHaveAResourceVersion() {
    String body =
        json(
            "{'kind':'Node','apiVersion':'v1','metadata':{'name':'%s','resourceVersion':'1'}}",
            unique("node"));

    Answer refused = api().post(NODES, body);

    assertEquals(
        "resourceVersion should not be set on objects to be created", refused.at("message"));
  }

  @Test
  void nothingCanBeCreatedInAnAbsentNamespace() {
    Answer refused = api().post(configMaps("no-such-namespace"), configMap("a", "")).expect(404);

    assertEquals("namespaces \"no-such-namespace\" not found", refused.at("message"));
  }

  @Test
  void dryRunAnswersLikeACreationAndStoresNothing() {
    String name = unique("node");

    Answer created = api().post(NODES + "?dryRun=All", node(name)).expect(201);

    assertEquals(name, created.name());
    api().get(nodePath(name)).expect(404);
  }

  @Test
  void replacementWithTheCurrentVersionTakesTheWholeNewObject() {
    Answer created = createNode(unique("node"));
    Answer labelled =
        api()
            .merge(nodePath(created.name()), json("{'metadata':{'labels':{'more':'x'}}}"))
            .expect(200);
    String replacement =
        json(
            "{'kind':'Node','apiVersion':'v1','metadata':{'name':'%s','resourceVersion':'%s',"
                + "'labels':{'only':'this'}}}",
            created.name(), labelled.version());

    Answer replaced = api().put(nodePath(created.name()), replacement).expect(200);

    assertEquals("{\"only\":\"this\"}", Answer.find(replaced.json(), "metadata", "labels") + "");
    assertEquals(created.uid(), replaced.uid(), "it is still the same object");
    assertTrue(Long.parseLong(replaced.version()) > Long.parseLong(labelled.version()));
  }

  @Test
  void replacementWithAnOlderVersionIsAConflict() {
    Answer old = createNode(unique("node"));
    api().merge(nodePath(old.name()), json("{'metadata':{'labels':{'a':'b'}}}")).expect(200);

    Answer refused =
        api().put(nodePath(old.name()), with(old, "{\"spec\":{\"unschedulable\":true}}"));

    refused.expect(409);
    assertEquals("Conflict", refused.at("reason"));
    assertEquals(
        "Operation cannot be fulfilled on nodes \""
            + old.name()
            + "\": the object has been modified; please apply your changes to the latest version"
            + " and try again",
        refused.at("message"));
  }

  @Test
  void nodeMayBeReplacedWithoutAVersion() {
    String name = createNode(unique("node")).name();

    Answer replaced = api().put(nodePath(name), node(name)).expect(200);

    assertEquals(name, replaced.name());
  }

  @Test
  void leaseMustBeReplacedWithItsVersion() {
    String name = unique("lease");
    String lease =
        json(
            "{'kind':'Lease','apiVersion':'coordination.k8s.io/v1','metadata':{'name':'%s'}}",
            name);
    create(LEASES, lease);

    Answer refused = api().put(LEASES + "/" + name, lease).expect(422);

    assertEquals("metadata.resourceVersion", refused.at("details", "causes", "0", "field"));
  }

  @Test
  void absentNodeIsNotCreatedByAReplacement() {
    String name = unique("node");

    api().put(nodePath(name), node(name)).expect(404);
  }

  @Test
  void absentLeaseIsCreatedByAReplacement() {
    String name = unique("lease");
    deleteLater(LEASES + "/" + name);

    api()
        .put(
            LEASES + "/" + name,
            json(
                "{'kind':'Lease','apiVersion':'coordination.k8s.io/v1','metadata':{'name':'%s'}}",
                name))
        .expect(201);
  }

  @Test
  void replacementUnderAnotherNameIsABadRequest() {
    String name = createNode(unique("node")).name();

    api().put(nodePath(name), node(name + "-other")).expect(400);
  }

  @Test
  void replacementOfAnObjectWithAnotherUidIsAConflict() {
    Answer created = createNode(unique("node"));
    String foreign =
        with(created, "{\"metadata\":{\"uid\":\"00000000-0000-0000-0000-000000000000\"}}");

    api().put(nodePath(created.name()), foreign).expect(409);
  }

  @Test
  void writeThatChangesNothingKeepsTheVersion() {
    Answer created = createNode(unique("node"));
    String path = nodePath(created.name());

    Answer replaced = api().put(path, created.body()).expect(200);
    Answer patched =
        api().merge(path, json("{'metadata':{'labels':{'contract':'%s'}}}", created.name()));

    assertEquals(created.version(), replaced.version(), "PUT of the same object");
    assertEquals(created.version(), patched.expect(200).version(), "PATCH to the same value");
  }

  @Test
  void postToANamedObjectIsNotAllowed() {
    String name = createNode(unique("node")).name();

    api().post(nodePath(name), node(name)).expect(405);
  }

  @Test
  void dataOfARevisionNeverChangeAndItsNumberIsNotNegative() {
    String revisions = "/apis/apps/v1/namespaces/default/controllerrevisions";
    String revision =
        "{'kind':'ControllerRevision','apiVersion':'apps/v1','metadata':{'name':'%s'},%s}";
    String name = unique("revision");
    create(revisions, json(revision, name, "'revision':1,'data':{'a':'b'}"));

    api().post(revisions, json(revision, unique("revision"), "'revision':1")).expect(422);
    api()
        .post(revisions, json(revision, unique("revision"), "'revision':-1,'data':{}"))
        .expect(422);
    api().merge(revisions + "/" + name, json("{'data':{'a':'c'}}")).expect(422);
    api().merge(revisions + "/" + name, json("{'revision':-1}")).expect(422);
    api().merge(revisions + "/" + name, json("{'revision':2}")).expect(200);
  }
}
