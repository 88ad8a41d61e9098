// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;

/**
 * What the topics of the suite share: the client, objects with unique names, and their removal
 * after each test. The server may hold any other objects.
 */
abstract class Contract {
  static final String NODES = "/api/v1/nodes";

  private final Deque<String> toDelete = new ArrayDeque<>();
  private ContractClient client;

  /** The server under test. */
  abstract ContractTarget target();

  ContractClient api() {
    if (client == null) {
      client = new ContractClient(target());
    }
    return client;
  }

  @AfterEach
  void deleteObjectsOfTheTest() {
    while (!toDelete.isEmpty()) {
      String path = toDelete.removeLast();
      api().merge(path, "{\"metadata\":{\"finalizers\":null}}");
      api().delete(path + "?gracePeriodSeconds=0");
    }
  }

  /** Fields of metadata with a value of another type than theirs. */
  static Stream<String> wrongMetadata() {
    return Stream.of(
        "'finalizers':''",
        "'finalizers':[1]",
        "'labels':{'a':1}",
        "'labels':[]",
        "'annotations':{'a':true}",
        "'ownerReferences':{}",
        "'ownerReferences':[{'apiVersion':'v1','kind':'Node','name':'a','uid':'u','controller':''}]",
        "'generation':'one'",
        "'generation':1.5",
        "'uid':7",
        "'creationTimestamp':'yesterday'",
        "'deletionTimestamp':5",
        "'managedFields':''",
        "'selfLink':5");
  }

  /** A name that no other test has. */
  static String unique(String description) {
    return "contract-" + description + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** Strict JSON of a text in which single quotes stand for double ones. */
  static String json(String text, Object... arguments) {
    return text.formatted(arguments).replace('\'', '"');
  }

  /** The object with one more change, given as a JSON merge without deletions. */
  static String with(Answer object, String change) {
    JsonObject merged = object.json();
    merge(merged, JsonParser.parseString(change).getAsJsonObject());
    return merged.toString();
  }

  private static void merge(JsonObject into, JsonObject change) {
    for (String field : change.keySet()) {
      JsonElement value = change.get(field);
      if (value.isJsonObject() && into.has(field) && into.get(field).isJsonObject()) {
        merge(into.getAsJsonObject(field), value.getAsJsonObject());
      } else {
        into.add(field, value);
      }
    }
  }

  /** Creates an object that is deleted after the test. */
  Answer create(String collection, String object) {
    Answer created = api().post(collection, object).expect(201);
    deleteLater(collection + "/" + created.name());
    return created;
  }

  void deleteLater(String path) {
    toDelete.addLast(path);
  }

  /** A Node under this name with the label {@code contract: NAME}. */
  Answer createNode(String name) {
    return create(NODES, node(name));
  }

  static String node(String name) {
    return json(
        "{'kind':'Node','apiVersion':'v1','metadata':{'name':'%s','labels':{'contract':'%s'}}}",
        name, name);
  }

  static String nodePath(String name) {
    return NODES + "/" + name;
  }

  /** A new Namespace in which Pods can be created. */
  String createNamespace() {
    String name = unique("ns");
    create(
        "/api/v1/namespaces",
        json("{'kind':'Namespace','apiVersion':'v1','metadata':{'name':'%s'}}", name));
    // With a controller manager around it is there already: 409 is as good as 201.
    api()
        .post(
            "/api/v1/namespaces/" + name + "/serviceaccounts",
            json("{'kind':'ServiceAccount','apiVersion':'v1','metadata':{'name':'default'}}"));
    return name;
  }

  static String pods(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/pods";
  }

  static String configMaps(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/configmaps";
  }

  static String configMap(String name, String labels) {
    return json(
        "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'%s','labels':{%s}}}",
        name, labels);
  }

  /** A Pod on this node, or on none. */
  static String pod(String name, String nodeName) {
    String placed = nodeName.isEmpty() ? "" : ",'nodeName':'" + nodeName + "'";
    return json(
        "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'%s'},"
            + "'spec':{'containers':[{'name':'c','image':'i'}]%s}}",
        name, placed);
  }

  /** Polls until it holds, at most 30 seconds. */
  static void await(String description, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!holds.getAsBoolean()) {
      Assertions.assertTrue(System.nanoTime() < end, "in vain waited for: " + description);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
