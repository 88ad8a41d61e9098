// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** From a write that did not succeed to when its key is worked on next. */
class WriteFailureTest {
  private static final RetryDelays DELAYS = Duration::ofMinutes;

  private static WriteFailure of(WriteResult why) {
    return WriteFailure.of(why, DELAYS);
  }

  @Test
  void unsentWriteIsNoFailure() {
    WriteFailure fenced = of(new WriteResult.Fenced("another one leads"));
    assertEquals(new WriteFailure(SyncResult.NOT_LEADING, Outcome.done()), fenced);
    assertFalse(fenced.isFailure());
    Duration after = Duration.ofMillis(70);
    WriteFailure throttled = of(new WriteResult.Throttled(after));
    assertEquals(new WriteFailure(SyncResult.THROTTLED, new Outcome.Postponed(after)), throttled);
    assertFalse(throttled.isFailure());
  }

  @Test
  void sentWriteIsRetriedAfterTheDelays() {
    assertFails(SyncResult.CONFLICT, new WriteResult.Conflict());
    assertFails(SyncResult.REJECTED, new WriteResult.Rejected(422, "a wrong value"));
    assertFails(SyncResult.RETRY, new WriteResult.NotFound());
    assertFails(SyncResult.RETRY, new WriteResult.Retry("timeout", Duration.ZERO));
  }

  private static void assertFails(SyncResult result, WriteResult why) {
    assertEquals(new WriteFailure(result, Outcome.failed(DELAYS)), of(why));
    assertTrue(of(why).isFailure());
  }

  @Test
  void retryAfterSetsTheTimeOfTheRetry() {
    Duration after = Duration.ofSeconds(7);
    WriteFailure failure = of(new WriteResult.Retry("429", after));
    assertEquals(SyncResult.RETRY, failure.result());
    assertEquals(after, ((Outcome.Failed) failure.outcome()).delays().delay(3));
  }

  @Test
  void successfulWriteIsNoFailure() {
    assertThrows(IllegalArgumentException.class, () -> of(new WriteResult.Ok("1")));
  }
}
