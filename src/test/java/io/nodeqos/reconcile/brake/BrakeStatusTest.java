// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static io.nodeqos.fixture.PolicyFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.reconcile.brake.Brake.Episode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy tells of its brake. */
class BrakeStatusTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T12:00:00Z");

  private static Episode episode(boolean confirmed, String why) {
    return episode(confirmed, 3, why);
  }

  private static Episode episode(boolean confirmed, int threatened, String why) {
    return new Episode(
        "p",
        SINCE,
        "0123456789",
        confirmed,
        new BrakeCounts(
            SINCE, 0, threatened, 3 - threatened, 3, Optional.empty(), Map.of("n", why)));
  }

  @Test
  void brakeHoldsWhileANodeWouldLoseItsMarkWithoutIt() {
    assertTrue(episode(false, 1, "").holds());
    assertFalse(episode(true, 1, "").holds(), "an operator has confirmed it");
    assertFalse(episode(false, 0, "").holds(), "all have lost it");
  }

  @Test
  void brakeThatHoldsNoNodeIsNoNews() {
    assertFalse(BrakeStatus.isNews(json("{}"), episode(false, 0, "")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | true",
        "{'brake': {}} | true",
        "{'brake': {'token': 'abcdefabcd'}} | true",
        "{'brake': {'token': '0123456789'}} | false",
        "{'brake': {'token': '0123456789', 'nodes': 3}} | false",
        "{'brake': {'token': '0123456789', 'nodes': 0}} | true",
        "{'brake': {'token': '0123456789', 'nodes': 'x'}} | false",
        "{'brake': 'x'} | true"
      },
      quoteCharacter = '`')
  void brakeIsNewsUntilItsTokenIsReported(String before, boolean isNews) {
    assertEquals(isNews, BrakeStatus.isNews(json(before), episode(false, "")));
    assertEquals(false, BrakeStatus.isNews(json(before), episode(true, "")), "it holds nothing");
  }

  @ParameterizedTest
  @ValueSource(ints = {499, 500, 501})
  void reasonOfMoreThanFiveHundredCharactersIsCut(int length) {
    String why = "x".repeat(length - 1) + ".";
    String shown = length <= 500 ? "x".repeat(length - 1) : "x".repeat(500) + "…";
    assertEquals(
        "3 of 3 warm nodes would lose their mark (n: "
            + shown
            + "). To allow it: kubectl annotate --overwrite nqp p nodeqos.io/confirm=0123456789",
        BrakeStatus.message(episode(false, why)));
  }
}
