// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** CustomResourceDefinitions and the resources that they define. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class CustomResourceContract extends Contract {
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String GROUP = "contract.nodeqos.test";

  /** Defined once for all tests: a real server takes seconds to serve a new resource. */
  private final String plural = unique("widgets");

  private final String widgets = "/apis/" + GROUP + "/v1/" + plural;

  private String kind() {
    return "W" + plural.replace("-", "");
  }

  private String definition() {
    return WidgetDefinition.json(GROUP, plural, kind());
  }

  @BeforeAll
  void define() throws InterruptedException {
    String name = api().post(DEFINITIONS, definition()).expect(201).name();
    await(
        "the definition is established and served",
        () ->
            api().get(DEFINITIONS + "/" + name).body().contains("InitialNamesAccepted")
                && api().get(widgets).code() == 200);
  }

  @AfterAll
  void undefine() {
    api().delete(DEFINITIONS + "/" + plural + "." + GROUP);
  }

  private String widget(String name, String spec) {
    return json(
        "{'kind':'%s','apiVersion':'%s/v1','metadata':{'name':'%s'},'spec':{%s}}",
        kind(), GROUP, name, spec);
  }

  private Answer createWidget(String spec) throws InterruptedException {
    return create(widgets, widget("a", json(spec)));
  }

  private Answer refuse(String spec) {
    Answer refused = api().post(widgets, widget("a", json(spec))).expect(422);
    assertEquals("Invalid", refused.at("reason"));
    return refused;
  }

  @Test
  void newResourceIsDiscoverable() throws InterruptedException {
    await(
        "discovery lists the resource and its status",
        () -> {
          Answer resources = api().get("/apis/" + GROUP + "/v1");
          return resources.code() == 200
              && resources.body().contains(json("'name':'%s'", plural))
              && resources.body().contains(json("'name':'%s/status'", plural));
        });
    assertTrue(api().get("/apis").body().contains(GROUP), "the group is listed");
  }

  @Test
  void definitionMustBeNamedAfterItsPluralAndGroup() {
    String wrong = definition().replace(plural + "." + GROUP, "other." + GROUP);

    api().post(DEFINITIONS, wrong).expect(422);
  }

  @Test
  void defaultsAreFilledInAndGenerationStartsAtOne() throws InterruptedException {
    Answer created = createWidget("'size':1");

    assertEquals("On", created.at("spec", "mode"));
    assertEquals("1", created.at("metadata", "generation"));
  }

  @Test
  void deletionOfAResourceWithAFinalizerRaisesItsGenerationAndWaitsForTheFinalizer()
      throws InterruptedException {
    Answer created = createWidget("'size':1");
    String path = widgets + "/" + created.name();
    Answer held =
        api().merge(path, json("{'metadata':{'finalizers':['contract.test/hold']}}")).expect(200);
    assertEquals("1", held.at("metadata", "generation"), "a finalizer is no change of the spec");

    api().delete(path).expect(200);

    Answer marked = api().get(path).expect(200);
    assertFalse(marked.at("metadata", "deletionTimestamp").isEmpty());
    assertEquals("2", marked.at("metadata", "generation"));
    api()
        .merge(path, json("{'metadata':{'resourceVersion':'%s','finalizers':[]}}", held.version()))
        .expect(409);
    api()
        .merge(
            path, json("{'metadata':{'resourceVersion':'%s','finalizers':[]}}", marked.version()))
        .expect(200);
    api().get(path).expect(404);
  }

  @Test
  void fieldsThatTheSchemaDoesNotKnowAreDropped() throws InterruptedException {
    Answer created = createWidget("'size':1,'unknown':true,'free':{'any':1},'labels':{'k':'v'}");

    assertFalse(created.has("spec", "unknown"));
    assertEquals("1", created.at("spec", "free", "any"), "where the schema preserves them");
    assertEquals("v", created.at("spec", "labels", "k"), "keys of a map are no fields");
  }

  @Test
  void strictFieldValidationRefusesUnknownFields() {
    Answer refused =
        api()
            .post(widgets + "?fieldValidation=Strict", widget("a", json("'size':1,'unknown':true")))
            .expect(400);

    assertTrue(refused.at("message").contains("unknown field \"spec.unknown\""), refused.body());
  }

  @ParameterizedTest
  @MethodSource("io.nodeqos.contract.Contract#wrongMetadata")
  void metadataOfAWrongTypeIsABadRequestAndInvalidAfterAPatch(String field)
      throws InterruptedException {
    String path = widgets + "/" + createWidget("'size':1").name();
    String body = widget(unique("widget"), json("'size':1"));

    api()
        .post(widgets, body.replace("\"metadata\":{", "\"metadata\":{" + json(field) + ","))
        .expect(400);
    api().merge(path, json("{'metadata':{%s}}", field)).expect(422);
  }

  @Test
  void timeThatIsNoneIsInvalid() throws InterruptedException {
    for (String time : List.of("", "garbage", "2026-01-02", "2026-01-02T03:04:05")) {
      Answer refused = refuse("'size':1,'since':'" + time + "'");
      assertEquals("spec.since", refused.at("details", "causes", "0", "field"));
      assertEquals("FieldValueTypeInvalid", refused.at("details", "causes", "0", "reason"));
    }
    Answer created = createWidget("'size':1,'since':'2026-01-02T03:04:05.6+01:00'");
    assertEquals("2026-01-02T03:04:05.6+01:00", created.at("spec", "since"));
  }

  @Test
  void missingRequiredFieldIsInvalid() {
    Answer refused = refuse("'mode':'On'");

    assertEquals("spec.size", refused.at("details", "causes", "0", "field"));
    assertEquals("FieldValueRequired", refused.at("details", "causes", "0", "reason"));
  }

  @Test
  void valueOfTheWrongTypeIsInvalid() {
    Answer refused = refuse("'size':'one'");

    assertEquals("spec.size", refused.at("details", "causes", "0", "field"));
    assertTrue(refused.at("message").contains("must be of type integer"), refused.body());
  }

  @Test
  void valueOutsideItsEnumIsInvalid() {
    Answer refused = refuse("'size':1,'mode':'Half'");

    assertEquals("spec.mode", refused.at("details", "causes", "0", "field"));
    assertTrue(refused.at("message").contains("\"On\", \"Off\""), refused.body());
  }

  @Test
  void numbersOutsideTheirBoundsAreInvalid() {
    assertTrue(refuse("'size':0").at("message").contains("greater than or equal to 1"));
    assertTrue(refuse("'size':10").at("message").contains("less than or equal to 9"));
  }

  @Test
  void stringsThatAreTooLongOrBreakTheirPatternAreInvalid() {
    assertTrue(refuse("'size':1,'name':'A'").at("message").contains("should match"));
    assertEquals(
        "spec.name", refuse("'size':1,'name':'abcdef'").at("details", "causes", "0", "field"));
  }

  @Test
  void listsThatAreTooLongAreInvalid() {
    Answer refused = refuse("'size':1,'tags':['a','b','c']");

    assertEquals("spec.tags", refused.at("details", "causes", "0", "field"));
  }

  @Test
  void intOrStringKeepsTheRulesOfBothTypes() throws InterruptedException {
    Answer created = createWidget("'size':1,'amount':'50%%'");
    Answer patched = api().merge(widgets + "/a", json("{'spec':{'amount':5}}")).expect(200);

    assertEquals("50%", created.at("spec", "amount"));
    assertEquals("5", patched.at("spec", "amount"));
    for (String bad : List.of("true", "'all'", "-1")) {
      api().merge(widgets + "/a", json("{'spec':{'amount':%s}}", bad)).expect(422);
    }
  }

  @Test
  void onlyChangesOfTheSpecRaiseTheGeneration() throws InterruptedException {
    createWidget("'size':1");

    Answer labelled =
        api().merge(widgets + "/a", json("{'metadata':{'labels':{'a':'b'}}}")).expect(200);
    Answer resized = api().merge(widgets + "/a", json("{'spec':{'size':2}}")).expect(200);
    Answer reported = api().merge(widgets + "/a/status", json("{'status':{'x':'y'}}")).expect(200);

    assertEquals("1", labelled.at("metadata", "generation"));
    assertEquals("2", resized.at("metadata", "generation"));
    assertEquals("2", reported.at("metadata", "generation"));
  }

  @Test
  void statusIsWrittenOnlyThroughItsSubresource() throws InterruptedException {
    createWidget("'size':1");

    Answer ignored = api().merge(widgets + "/a", json("{'status':{'x':'y'}}")).expect(200);
    Answer written =
        api()
            .merge(
                widgets + "/a/status",
                json("{'metadata':{'labels':{'a':'b'}},'spec':{'size':5},'status':{'x':'z'}}"))
            .expect(200);

    assertFalse(ignored.has("status"), "the status is ignored on the main resource");
    assertEquals("z", written.at("status", "x"));
    assertEquals("1", written.at("spec", "size"), "the spec is ignored on the status");
    assertFalse(written.has("metadata", "labels"), "so are the labels");
  }

  @Test
  void statusGivenAtCreationIsDropped() {
    String body =
        with(new Answer(0, "", widget("a", json("'size':1"))), json("{'status':{'x':'y'}}"));

    assertFalse(create(widgets, body).has("status"));
  }

  @Test
  void staleStatusPatchIsAConflict() throws InterruptedException {
    Answer created = createWidget("'size':1");
    api().merge(widgets + "/a", json("{'spec':{'size':2}}")).expect(200);

    api()
        .merge(
            widgets + "/a/status",
            json("{'metadata':{'resourceVersion':'%s'},'status':{'x':'y'}}", created.version()))
        .expect(409);
  }

  @Test
  void replacementNeedsTheVersion() throws InterruptedException {
    Answer created = createWidget("'size':1");

    api().put(widgets + "/a", widget("a", json("'size':2"))).expect(422);
    Answer replaced =
        api().put(widgets + "/a", with(created, json("{'spec':{'size':2}}"))).expect(200);

    assertEquals("2", replaced.at("spec", "size"));
  }

  @Test
  void strategicPatchIsUnsupported() throws InterruptedException {
    createWidget("'size':1");

    api().patch(widgets + "/a", ContractClient.STRATEGIC, json("{'spec':{'size':2}}")).expect(415);
  }

  @Test
  void invalidPatchLeavesTheObjectAsItWas() throws InterruptedException {
    Answer created = createWidget("'size':1");

    api().merge(widgets + "/a", json("{'spec':{'size':99}}")).expect(422);

    assertEquals(created.version(), api().get(widgets + "/a").version());
  }

  @Test
  void watchReportsCustomResources() throws InterruptedException {
    String version = api().get(widgets).expect(200).version();
    try (WatchReader watch = api().watch(widgets + "?resourceVersion=" + version)) {
      createWidget("'size':1");
      WatchReader.Event added = watch.expect("ADDED", "a");
      assertEquals(kind(), added.object().get("kind").getAsString());
    }
  }

  @Test
  void tableHasThePrinterColumns() throws InterruptedException {
    createWidget("'size':7");
    api()
        .merge(
            widgets + "/a/status",
            json("{'status':{'conditions':[{'type':'Valid','status':'True'}]}}"))
        .expect(200);

    Answer table = api().get(widgets, DiscoveryContract.TABLE).expect(200);

    assertEquals("Name", table.at("columnDefinitions", "0", "name"));
    assertEquals("Size", table.at("columnDefinitions", "1", "name"));
    assertEquals("Valid", table.at("columnDefinitions", "2", "name"));
    assertEquals("a", table.at("rows", "0", "cells", "0"));
    assertEquals("7", table.at("rows", "0", "cells", "1"));
    assertEquals("True", table.at("rows", "0", "cells", "2"));
  }

  @Test
  void resourceDisappearsWithItsDefinition() throws InterruptedException {
    createWidget("'size':1");
    api().delete(DEFINITIONS + "/" + plural + "." + GROUP).expect(200);

    await("the resource is served no more", () -> api().get(widgets).code() == 404);
    await(
        "the definition is gone",
        () -> api().get(DEFINITIONS + "/" + plural + "." + GROUP).code() == 404);
    define();
  }
}
