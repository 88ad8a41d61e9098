// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class InitialSyncTest {
  private final InitialSync sync = new InitialSync();

  @Test
  void itIsDoneWhenTheHandlerHasSeenEveryObjectOfTheFirstList() {
    assertFalse(sync.done(), "nothing was listed");
    sync.listed(Set.of("a", "b"));
    sync.handedOn();
    sync.handled("a");
    sync.handled("a");
    assertFalse(sync.done(), "an object twice is not two objects");
    sync.handled("b");
    assertTrue(sync.done());
  }

  @Test
  void anEmptyListIsDoneOnceItIsHandedOn() {
    sync.listed(Set.of());
    assertFalse(sync.done(), "the informer does not have it yet");
    sync.handedOn();
    assertTrue(sync.done());
  }

  @Test
  void aSecondListAsksForNothingMore() {
    sync.listed(Set.of("a"));
    sync.handedOn();
    sync.handled("a");
    sync.listed(Set.of("b"));
    assertTrue(sync.done(), "the cache was filled once");
  }
}
