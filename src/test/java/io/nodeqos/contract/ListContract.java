// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists: selectors, pages, versions. */
abstract class ListContract extends Contract {

  /** Lists the ConfigMaps of a namespace of which label "run" is one of several. */
  private List<String> select(String namespace, String selector) {
    return api()
        .get(configMaps(namespace) + "?labelSelector=" + encode(selector))
        .expect(200)
        .names();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String threeConfigMaps() {
    String namespace = createNamespace();
    create(configMaps(namespace), configMap("a", json("'tier':'front','zone':'x'")));
    create(configMaps(namespace), configMap("b", json("'tier':'back'")));
    create(configMaps(namespace), configMap("c", ""));
    return namespace;
  }

  private String fivePages(String namespace) {
    for (int i = 1; i <= 5; i++) {
      create(configMaps(namespace), configMap("p" + i, ""));
    }
    return configMaps(namespace);
  }

  @Test
  void listHasItsKindAVersionAndAllObjects() {
    String namespace = threeConfigMaps();

    Answer list = api().get(configMaps(namespace)).expect(200);

    assertEquals("ConfigMapList", list.at("kind"));
    assertEquals("v1", list.at("apiVersion"));
    assertEquals(List.of("a", "b", "c"), list.names(), "in the order of the names");
    assertTrue(Long.parseLong(list.version()) > 0);
  }

  @Test
  void versionOfAListIsAtLeastThatOfAnObjectWrittenBefore() {
    Answer node = createNode(unique("node"));

    Answer list = api().get(NODES + "?labelSelector=contract=" + node.name()).expect(200);

    assertEquals(List.of(node.name()), list.names());
    assertTrue(Long.parseLong(list.version()) >= Long.parseLong(node.version()));
  }

  @Test
  void emptyListHasNoItemsAndAVersion() {
    Answer list = api().get(configMaps("no-such-namespace")).expect(200);

    assertEquals(List.of(), list.names());
    assertFalse(list.version().isEmpty());
  }

  @Test
  void labelsAreSelectedByEquality() {
    String namespace = threeConfigMaps();

    assertEquals(List.of("a"), select(namespace, "tier=front"));
    assertEquals(List.of("a"), select(namespace, "tier==front,zone=x"));
    assertEquals(List.of(), select(namespace, "tier=front,zone=y"));
  }

  @Test
  void inequalityAlsoSelectsObjectsWithoutTheLabel() {
    assertEquals(List.of("b", "c"), select(threeConfigMaps(), "tier!=front"));
  }

  @Test
  void labelsAreSelectedBySets() {
    String namespace = threeConfigMaps();

    assertEquals(List.of("a", "b"), select(namespace, "tier in (front, back)"));
    assertEquals(List.of("b", "c"), select(namespace, "tier notin (front)"));
  }

  @Test
  void labelsAreSelectedByExistence() {
    String namespace = threeConfigMaps();

    assertEquals(List.of("a", "b"), select(namespace, "tier"));
    assertEquals(List.of("c"), select(namespace, "!tier"));
    assertEquals(List.of("b"), select(namespace, "tier,!zone"));
  }

  @Test
  void unreadableLabelSelectorIsABadRequest() {
    api().get(NODES + "?labelSelector=" + encode("a in b")).expect(400);
  }

  @Test
  void fieldsAreSelectedByName() {
    String namespace = threeConfigMaps();

    Answer one = api().get(configMaps(namespace) + "?fieldSelector=metadata.name%3Db");
    Answer others = api().get(configMaps(namespace) + "?fieldSelector=metadata.name%21%3Db");

    assertEquals(List.of("b"), one.expect(200).names());
    assertEquals(List.of("a", "c"), others.expect(200).names());
  }

  @Test
  void podsAreSelectedByTheirNodeAndPhase() {
    String namespace = createNamespace();
    String node = unique("node");
    create(pods(namespace), pod("on", node));
    create(pods(namespace), pod("off", ""));

    String byNode = "?fieldSelector=" + encode("spec.nodeName=" + node);
    String byBoth = "?fieldSelector=" + encode("spec.nodeName=" + node + ",status.phase!=Pending");

    assertEquals(List.of("on"), api().get("/api/v1/pods" + byNode).expect(200).names());
    assertEquals(List.of(), api().get("/api/v1/pods" + byBoth).expect(200).names());
    assertEquals(
        List.of("off"),
        api().get(pods(namespace) + "?fieldSelector=spec.nodeName%3D").expect(200).names(),
        "an empty value selects pods without a node");
  }

  @Test
  void fieldThatIsNotSelectableIsABadRequest() {
    api().get(NODES + "?fieldSelector=status.nosuch%3Dx").expect(400);
  }

  @Test
  void listOverAllNamespacesHasTheObjectsOfEach() {
    String label = unique("all");
    String first = createNamespace();
    String second = createNamespace();
    create(configMaps(first), configMap("m", json("'run':'%s'", label)));
    create(configMaps(second), configMap("m", json("'run':'%s'", label)));

    Answer list = api().get("/api/v1/configmaps?labelSelector=run=" + label).expect(200);

    assertEquals(List.of("m", "m"), list.names());
  }

  @Test
  void pagesTogetherGiveEveryObjectOnce() {
    String path = fivePages(createNamespace());
    List<String> names = new ArrayList<>();
    int pages = 0;

    String next = "";
    do {
      Answer page = api().get(path + "?limit=2&continue=" + next).expect(200);
      names.addAll(page.names());
      next = page.at("metadata", "continue");
      pages++;
    } while (!next.isEmpty());

    assertEquals(List.of("p1", "p2", "p3", "p4", "p5"), names);
    assertEquals(3, pages);
  }

  @Test
  void firstPageSaysHowManyRemain() {
    Answer page = api().get(fivePages(createNamespace()) + "?limit=2").expect(200);

    assertEquals("3", page.at("metadata", "remainingItemCount"));
  }

  @Test
  void laterPagesShowTheStateOfTheFirst() {
    String path = fivePages(createNamespace());
    Answer first = api().get(path + "?limit=2").expect(200);
    api().delete(path + "/p4").expect(200);
    api().post(path, configMap("p6", "")).expect(201);
    deleteLater(path + "/p6");

    Answer rest =
        api().get(path + "?limit=10&continue=" + first.at("metadata", "continue")).expect(200);

    assertEquals(
        List.of("p3", "p4", "p5"), rest.names(), "the objects at the time of the first page");
    assertEquals(first.version(), rest.version());
  }

  @Test
  void malformedContinueTokenIsABadRequest() {
    api().get(NODES + "?limit=1&continue=nonsense").expect(400);
  }

  @Test
  void versionZeroIsAnsweredWithAnyState() {
    String namespace = threeConfigMaps();

    api().get(configMaps(namespace) + "?resourceVersion=0").expect(200);
  }

  @Test
  void notOlderThanIsAnsweredWithThatVersionOrALaterOne() {
    Answer node = createNode(unique("node"));

    Answer list =
        api()
            .get(
                NODES
                    + "?resourceVersionMatch=NotOlderThan&resourceVersion="
                    + node.version()
                    + "&labelSelector=contract="
                    + node.name())
            .expect(200);

    assertEquals(List.of(node.name()), list.names());
  }

  @Test
  void versionMatchWithoutAVersionIsInvalid() {
    api().get(NODES + "?resourceVersionMatch=NotOlderThan").expect(422);
  }

  @Test
  void nonNumericVersionIsABadRequest() {
    api().get(NODES + "?resourceVersion=nonsense").expect(400);
  }

  @Test
  void versionFromTheFutureTimesOut() {
    Answer refused = api().get(NODES + "?resourceVersion=999999999999").expect(504);

    assertEquals("Timeout", refused.at("reason"));
    assertEquals("ResourceVersionTooLarge", refused.at("details", "causes", "0", "reason"));
  }
}
