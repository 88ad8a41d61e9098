// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events of events.k8s.io/v1, and the same ones as core/v1 has them, which kubectl reads. */
abstract class EventContract extends Contract {
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";
  private static final String CORE = "/api/v1/namespaces/default/events";
  private static final String TIME = "2026-01-02T03:04:05.000006Z";

  /** An Event about a Node of this name and UID. */
  private static String event(String name, String node) {
    return json(
        "{'apiVersion':'events.k8s.io/v1','kind':'Event','metadata':{'name':'%s',"
            + "'namespace':'default'},'eventTime':'%s','type':'Normal','reason':'Tested',"
            + "'action':'Test','reportingController':'example.com/contract',"
            + "'reportingInstance':'pod-1','note':'All is well.',"
            + "'regarding':{'apiVersion':'v1','kind':'Node','name':'%s','uid':'uid-%s'}}",
        name, TIME, node, node);
  }

  private static String event() {
    String name = unique("event");
    return event(name, name);
  }

  /** The Event without a field, or with another value of it in JSON with single quotes. */
  private static String changed(String event, String field, String value) {
    JsonObject object = JsonParser.parseString(event).getAsJsonObject();
    object.remove(field);
    if (!value.isEmpty()) {
      object.add(field, JsonParser.parseString(value.replace('\'', '"')));
    }
    return object.toString();
  }

  @Test
  void eventIsKeptAsItWasSent() {
    Answer created = create(EVENTS, event());

    Answer read = api().get(EVENTS + "/" + created.name()).expect(200);

    assertEquals("events.k8s.io/v1", read.at("apiVersion"));
    assertEquals(TIME, read.at("eventTime"));
    assertEquals("All is well.", read.at("note"));
    assertEquals("example.com/contract", read.at("reportingController"));
    assertEquals("pod-1", read.at("reportingInstance"));
    assertEquals(created.name(), read.at("regarding", "name"));
    assertFalse(read.has("series"), "it happened once");
  }

  @Test
  void coreV1ServesTheSameEventUnderItsOwnFieldNames() {
    Answer created = create(EVENTS, event());

    Answer core = api().get(CORE + "/" + created.name()).expect(200);

    assertEquals("v1", core.at("apiVersion"));
    assertEquals(created.uid(), core.uid());
    assertEquals("All is well.", core.at("message"));
    assertEquals("example.com/contract", core.at("reportingComponent"));
    assertEquals("pod-1", core.at("reportingInstance"));
    assertEquals("uid-" + created.name(), core.at("involvedObject", "uid"));
    assertEquals(TIME, core.at("eventTime"));
    assertFalse(core.has("note"));
    assertFalse(core.has("regarding"));
  }

  @Test
  void eventIsFoundByNameAndUidOfItsObject() {
    Answer created = create(EVENTS, event());
    String selector =
        "?fieldSelector=involvedObject.kind%%3DNode,involvedObject.namespace%%3D,"
            + "involvedObject.name%%3D%s,involvedObject.uid%%3D%s";

    Answer found =
        api().get("/api/v1/events" + selector.formatted(created.name(), "uid-" + created.name()));
    Answer other = api().get("/api/v1/events" + selector.formatted(created.name(), "other"));

    assertEquals(List.of(created.name()), found.expect(200).names());
    assertEquals(List.of(), other.expect(200).names());
  }

  @Test
  void repeatedEventBecomesASeriesByAMergePatch() {
    String path = EVENTS + "/" + create(EVENTS, event()).name();

    api().merge(path, json("{'series':{'count':2,'lastObservedTime':'%s'}}", TIME)).expect(200);
    Answer patched =
        api()
            .merge(
                path,
                json("{'series':{'count':7,'lastObservedTime':'2026-01-02T03:05:05.000006Z'}}"))
            .expect(200);

    assertEquals("7", patched.at("series", "count"));
    assertEquals("2026-01-02T03:05:05.000006Z", patched.at("series", "lastObservedTime"));
    assertEquals(TIME, patched.at("eventTime"), "the first time stays");
    Answer core = api().get(path.replace("/apis/events.k8s.io", "/api")).expect(200);
    assertEquals("7", core.at("series", "count"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'series': {'count': 1, 'lastObservedTime': '" + TIME + "'}}",
        "{'series': {'count': 2}}",
        "{'note': 'All is lost.'}",
        "{'reason': 'Other'}",
        "{'action': 'Other'}",
        "{'type': 'Warning'}",
        "{'eventTime': '2026-01-02T03:04:06.000006Z'}",
        "{'regarding': {'uid': 'other'}}",
        "{'reportingInstance': 'pod-2'}"
      })
  void otherFieldsOfAnEventAreImmutable(String patch) {
    Answer created = create(EVENTS, event());

    Answer refused = api().merge(EVENTS + "/" + created.name(), json(patch.replace("%", "%%")));

    assertEquals("Invalid", refused.expect(422).at("reason"));
  }

  @Test
  void patchOfADeletedEventIsNotFound() {
    api()
        .merge(
            EVENTS + "/" + unique("event"),
            json("{'series':{'count':2,'lastObservedTime':'%s'}}", TIME))
        .expect(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eventTime           | ''",
        "reportingController | ''",
        "reportingInstance   | ''",
        "action              | ''",
        "reason              | ''",
        "type                | 'Bad'",
        "deprecatedCount     | 3",
        "series              | {'count': 1, 'lastObservedTime': '" + TIME + "'}"
      },
      quoteCharacter = '~')
  void eventWithoutARequiredFieldIsInvalid(String field, String value) {
    Answer refused = api().post(EVENTS, changed(event(), field, value.equals("''") ? "" : value));

    assertEquals("Invalid", refused.expect(422).at("reason"), field);
  }

  @Test
  void noteHasAtMost1024Bytes() {
    String euro = "€";
    String most = euro.repeat(341) + "x";
    create(EVENTS, changed(event(), "note", "'" + most + "'"));

    api().post(EVENTS, changed(event(), "note", "'" + most + "x'")).expect(422);
  }

  @Test
  void eventAboutAnObjectWithoutANamespaceBelongsInDefaultOrKubeSystem() {
    String namespace = createNamespace();
    String event = event().replace("\"default\"", "\"" + namespace + "\"");

    api().post(EVENTS.replace("default", namespace), event).expect(422);
  }

  @Test
  void eventInAnAbsentNamespaceIsNotFound() {
    String event = event().replace("\"default\"", "\"no-such\"");

    api().post(EVENTS.replace("default", "no-such"), event).expect(404);
  }

  @Test
  void timeWithoutSixDecimalsIsABadRequest() {
    api().post(EVENTS, changed(event(), "eventTime", "'2026-01-02T03:04:05Z'")).expect(400);
  }

  @Test
  void secondEventOfTheSameNameIsRefused() {
    Answer created = create(EVENTS, event());

    Answer refused = api().post(EVENTS, event(created.name(), created.name()));

    assertEquals("AlreadyExists", refused.expect(409).at("reason"));
  }

  @Test
  void watchesOfBothApiGroupsReportAnEvent() throws Exception {
    String name = unique("event");
    String version = api().get(CORE).expect(200).version();
    try (WatchReader watch =
        api()
            .watch(
                EVENTS
                    + "?fieldSelector=metadata.name%3D"
                    + name
                    + "&resourceVersion="
                    + version
                    + "&timeoutSeconds=30")) {
      create(EVENTS, event(name, name));

      WatchReader.Event seen = watch.expect("ADDED", name);

      assertEquals("All is well.", Answer.at(seen.object(), "note"));
      assertTrue(api().get(EVENTS).expect(200).names().contains(name));
    }
  }
}
