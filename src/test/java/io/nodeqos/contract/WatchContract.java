// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Watches: order, selectors, bookmarks, ends. */
abstract class WatchContract extends Contract {

  private WatchReader watchNode(String name, String after) {
    return api()
        .watch(NODES + "?fieldSelector=metadata.name%3D" + name + "&resourceVersion=" + after);
  }

  private String label(String name, String value) {
    return api()
        .merge(nodePath(name), json("{'metadata':{'labels':{'contract':'%s'}}}", value))
        .expect(200)
        .version();
  }

  private String currentVersion() {
    return api().get(NODES + "?limit=1").expect(200).version();
  }

  @Test
  void watchFromTheVersionOfAListReportsEveryLaterChangeInOrder() {
    String name = unique("node");
    try (WatchReader watch = watchNode(name, currentVersion())) {
      assertEquals(200, watch.code());
      Answer created = createNode(name);
      String changed = label(name, "b");
      api().delete(nodePath(name)).expect(200);

      assertEquals(created.version(), watch.expect("ADDED", name).version());
      WatchReader.Event modified = watch.expect("MODIFIED", name);
      assertEquals(changed, modified.version());
      WatchReader.Event deleted = watch.expect("DELETED", name);
      assertTrue(
          Long.parseLong(deleted.version()) > Long.parseLong(changed),
          "a deletion has a version of its own");
      assertEquals("b", Answer.at(deleted.object(), "metadata", "labels", "contract"));
    }
  }

  @Test
  void watchWithoutAVersionStartsWithTheExistingObjects() {
    String name = createNode(unique("node")).name();
    try (WatchReader watch = api().watch(NODES + "?labelSelector=contract=" + name)) {
      watch.expect("ADDED", name);
      label(name, name + "-no-more");
      watch.expect("DELETED", name);
    }
  }

  @Test
  void watchResumesFromTheVersionOfAnEvent() {
    String name = createNode(unique("node")).name();
    String first = label(name, "1");
    String second = label(name, "2");
    String third = label(name, "3");

    try (WatchReader watch = watchNode(name, first)) {
      assertEquals(second, watch.expect("MODIFIED", name).version());
      assertEquals(third, watch.expect("MODIFIED", name).version());
    }
  }

  @Test
  void objectThatEntersTheSelectorIsAddedAndOneThatLeavesIsDeleted() {
    String name = createNode(unique("node")).name();
    String value = unique("value");
    String path =
        NODES + "?labelSelector=contract=" + value + "&resourceVersion=" + currentVersion();
    try (WatchReader watch = api().watch(path)) {
      label(name, value);
      watch.expect("ADDED", name);
      api().merge(nodePath(name), json("{'spec':{'unschedulable':true}}")).expect(200);
      watch.expect("MODIFIED", name);
      String gone = label(name, "other");
      WatchReader.Event deleted = watch.expect("DELETED", name);

      assertEquals(gone, deleted.version(), "the version of the write that hid it");
      assertEquals(
          value,
          Answer.at(deleted.object(), "metadata", "labels", "contract"),
          "the object as it was last seen");
    }
  }

  @Test
  void podBoundToANodeIsAddedToTheWatchOfThatNode() {
    String namespace = createNamespace();
    String node = unique("node");
    String path = "/api/v1/pods?fieldSelector=spec.nodeName%3D" + node;
    String version = api().get(path).expect(200).version();
    try (WatchReader watch = api().watch(path + "&resourceVersion=" + version)) {
      create(pods(namespace), pod("elsewhere", ""));
      create(pods(namespace), pod("here", node));

      watch.expect("ADDED", "here");
    }
  }

  @Test
  void watchOfANamespaceReportsNoOtherNamespace() {
    String mine = createNamespace();
    String other = createNamespace();
    String version = api().get(configMaps(mine)).expect(200).version();
    try (WatchReader watch = api().watch(configMaps(mine) + "?resourceVersion=" + version)) {
      create(configMaps(other), configMap("a", ""));
      create(configMaps(mine), configMap("b", ""));

      watch.expect("ADDED", "b");
    }
  }

  @Test
  void writeThatChangesNothingGivesNoEvent() {
    String name = createNode(unique("node")).name();
    try (WatchReader watch = watchNode(name, currentVersion())) {
      label(name, name);
      String changed = label(name, "b");

      assertEquals(changed, watch.expect("MODIFIED", name).version(), "the first event");
    }
  }

  @Test
  void timeoutEndsAWatchCleanly() {
    try (WatchReader watch =
        api().watch(NODES + "?timeoutSeconds=1&resourceVersion=" + currentVersion())) {
      watch.awaitEnd();
    }
  }

  @Test
  void bookmarkBeforeTheTimeoutIncludesChangesHiddenByTheSelector() {
    String path =
        NODES
            + "?allowWatchBookmarks=true&timeoutSeconds=6&fieldSelector=metadata.name%3D"
            + unique("absent")
            + "&resourceVersion="
            + currentVersion();
    try (WatchReader watch = api().watch(path)) {
      String version = createNode(unique("another")).version();
      WatchReader.Event bookmark = watch.next();

      assertEquals("BOOKMARK", bookmark.type());
      assertEquals("Node", bookmark.object().get("kind").getAsString());
      assertTrue(Long.parseLong(bookmark.version()) >= Long.parseLong(version));
    }
  }

  @Test
  void bookmarksAreSentOnlyOnRequest() {
    String path =
        NODES
            + "?timeoutSeconds=4&fieldSelector=metadata.name%3D"
            + unique("absent")
            + "&resourceVersion="
            + currentVersion();
    try (WatchReader watch = api().watch(path)) {
      assertFalse(watch.awaitEnd(), "an event came, but none was due");
    }
  }

  @Test
  void initialEventsEndWithAnAnnotatedBookmark() {
    String name = createNode(unique("node")).name();
    String path =
        NODES
            + "?sendInitialEvents=true&allowWatchBookmarks=true"
            + "&resourceVersionMatch=NotOlderThan&labelSelector=contract="
            + name;
    try (WatchReader watch = api().watch(path)) {
      watch.expect("ADDED", name);
      WatchReader.Event end = watch.next();

      assertEquals("BOOKMARK", end.type());
      assertEquals(
          "true", Answer.at(end.object(), "metadata", "annotations", "k8s.io/initial-events-end"));
      String changed = label(name, name);
      api().merge(nodePath(name), json("{'spec':{'unschedulable':true}}")).expect(200);
      assertFalse(changed.isEmpty());
      watch.expect("MODIFIED", name);
    }
  }

  @Test
  void twoWatchesSeeTheSameChanges() {
    String name = unique("node");
    String version = currentVersion();
    try (WatchReader one = watchNode(name, version);
        WatchReader two = watchNode(name, version)) {
      createNode(name);
      String changed = label(name, "b");

      one.expect("ADDED", name);
      two.expect("ADDED", name);
      assertEquals(changed, one.expect("MODIFIED", name).version());
      assertEquals(changed, two.expect("MODIFIED", name).version());
    }
  }

  @Test
  void watchFromAnExpiredVersionGetsAnErrorEvent() {
    createNode(unique("node"));
    target().forgetHistory();
    try (WatchReader watch = api().watch(NODES + "?resourceVersion=1")) {
      assertEquals(200, watch.code(), "the refusal is in the stream");
      WatchReader.Event error = watch.next();

      assertEquals("ERROR", error.type());
      assertEquals("410", Answer.at(error.object(), "code"));
      assertEquals("Expired", Answer.at(error.object(), "reason"));
      assertFalse(watch.awaitEnd(), "nothing comes after it");
    }
  }

  @Test
  void watchWithAnUnreadableSelectorIsABadRequest() {
    try (WatchReader watch = api().watch(NODES + "?fieldSelector=status.nosuch%3Dx")) {
      assertEquals(400, watch.code());
    }
  }

  @Test
  void objectThatWaitsForItsFinalizerIsModifiedAndThenDeleted() {
    String name = unique("node");
    Answer created =
        create(
            NODES,
            with(
                new Answer(0, "", node(name)),
                json("{'metadata':{'finalizers':['contract.test/hold']}}")));
    try (WatchReader watch = watchNode(name, created.version())) {
      api().delete(nodePath(name)).expect(200);
      WatchReader.Event marked = watch.expect("MODIFIED", name);
      assertFalse(Answer.at(marked.object(), "metadata", "deletionTimestamp").isEmpty());
      api().merge(nodePath(name), json("{'metadata':{'finalizers':null}}")).expect(200);
      watch.expect("DELETED", name);
    }
  }
}
