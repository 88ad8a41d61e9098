// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CachePositionTest {
  private final CachePosition position = new CachePosition();

  @Test
  void listIsReachedOnceTheHandlerHasSeenEveryObject() {
    assertFalse(position.isHandled(), "nothing was listed");
    position.listed("10", Map.of("a", "3", "b", "9"), List.of());
    position.handedOn();
    position.handled("a", "3");
    position.handled("a", "3");
    assertFalse(position.isHandled(), "an object twice is not two objects");
    position.handled("b", "9");
    assertTrue(position.hasReached("10"));
    assertFalse(position.hasReached("11"));
  }

  @Test
  void emptyListIsReachedOnceItIsHandedOn() {
    position.listed("10", Map.of(), List.of());
    assertFalse(position.isHandled(), "the informer does not have it yet");
    position.handedOn();
    assertTrue(position.hasReached("10"));
  }

  @Test
  void laterListIsReachedOnceDeletionsAreHandled() {
    reach("10");
    position.listed("20", Map.of("a", "15"), List.of("a", "gone"));
    assertFalse(position.hasReached("10"), "the informer has not got it");
    position.handedOn();
    position.handled("a", "5");
    assertFalse(position.isHandled(), "an older version of it");
    position.handled("a", "15");
    assertFalse(position.isHandled());
    position.handledDeletion("gone");
    assertTrue(position.hasReached("20"));
  }

  @Test
  void bookmarkIsReachedOnceEarlierEventsAreHandled() {
    reach("10");
    position.received("a", "11", "11");
    position.received("b", "12", "12");
    position.toldNothingUpTo("50");
    position.handled("b", "12");
    assertFalse(position.hasReached("12"), "the handler sees objects in any order");
    position.handled("a", "11");
    assertTrue(position.hasReached("50"));
  }

  @Test
  void deletionIsHandledInAnyVersion() {
    reach("10");
    position.received("a", "11", "11");
    position.toldDeletion("a", "12", false);
    position.handled("a", "11");
    assertFalse(position.isHandled());
    position.handledDeletion("a");
    assertTrue(position.hasReached("12"));
  }

  @Test
  void deletionOfAnObjectUnknownToTheInformerIsNotAwaited() {
    reach("10");
    position.toldDeletion("a", "12", false);
    assertTrue(position.hasReached("12"));
  }

  @Test
  void objectCreatedAgainIsAwaited() {
    reach("10");
    position.toldDeletion("a", "11", true);
    position.received("a", "12", "12");
    position.handledDeletion("a");
    assertFalse(position.isHandled());
    position.handled("a", "12");
    assertTrue(position.hasReached("12"));
  }

  private void reach(String version) {
    position.listed(version, Map.of(), List.of());
    position.handedOn();
  }
}
