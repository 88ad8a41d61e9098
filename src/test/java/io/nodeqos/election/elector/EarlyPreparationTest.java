// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.nodeqos.fixture.FakeTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Of preparations, the one that belongs to a term. */
class EarlyPreparationTest {
  private final FakeTime time = new FakeTime();
  private final List<CompletableFuture<Void>> begun = new ArrayList<>();
  private final EarlyPreparation preparation = new EarlyPreparation(this::begin, time.source());

  private CompletableFuture<Void> begin() {
    CompletableFuture<Void> next = new CompletableFuture<>();
    begun.add(next);
    return next;
  }

  @Test
  void termGetsTheOneThatWasBegunForItsVersion() {
    preparation.begin("7");
    preparation.begin("7");
    time.advance(EarlyPreparation.MAX_AGE);
    assertSame(begun.get(0), preparation.of("7"));
    assertEquals(1, begun.size(), "begun once");
  }

  @Test
  void termAfterAnotherVersionGetsItsOwn() {
    preparation.begin("7");
    assertNotSame(begun.get(0), preparation.of("8"), "another replica may have led in between");
  }

  @Test
  void termOfANewLeaseGetsItsOwn() {
    CompletableFuture<Void> first = preparation.of(null);
    assertNotSame(first, preparation.of(null));
  }

  @Test
  void oneFromBeforeAPauseDoesNotCount() {
    preparation.begin("7");
    time.advance(EarlyPreparation.MAX_AGE.plusMillis(1));
    assertNotSame(begun.get(0), preparation.of("7"));
  }

  @Test
  void oneFromBeforeASuspensionDoesNotCountThoughNanoTimeStoodStill() {
    preparation.begin("7");
    time.suspend(EarlyPreparation.MAX_AGE.plusMillis(1));
    assertNotSame(begun.get(0), preparation.of("7"));
  }

  @Test
  void failedOneDoesNotCount() {
    preparation.begin("7");
    begun.get(0).completeExceptionally(new IllegalStateException("the API server is away"));
    assertNotSame(begun.get(0), preparation.of("7"));
  }
}
