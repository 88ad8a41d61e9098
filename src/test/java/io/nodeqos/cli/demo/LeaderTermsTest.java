// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.cli.demo.ApiWrite.Target;
import io.nodeqos.cli.demo.DemoLeases.Held;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaderTermsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** a from second 10, b from 20 after a crash, a again from 30 after b gave the Lease back. */
  private static final LeaderTerms TERMS =
      LeaderTerms.of(
          List.of(
              new Held("pod-0_a", 1, 100),
              new Held("pod-1_b", 2, 200),
              new Held("", 2, 290),
              new Held("pod-0_a", 3, 300)),
          List.of(
              lease(10, 100, "a"),
              lease(12, 120, "a"),
              lease(20, 200, "b"),
              lease(29, 290, "b"),
              lease(30, 300, "a"),
              lease(32, 320, "a")));

  @Test
  void leadersAreInTheOrderOfTheirTerms() {
    assertEquals(
        List.of("pod-0_a", "pod-1_b", "pod-0_a"),
        TERMS.holders(),
        "renewals and the release begin no term");
  }

  @ParameterizedTest(name = "{0}, received {1}, carried out {2}: {3} overlapping, {4} late")
  @CsvSource({
    // The one that leads.
    "a, 11, 11, 0, 0",
    "b, 21, 22, 0, 0",
    "a, 31, 31, 0, 0",
    // On its way while the Lease changed hands.
    "a, 19, 21, 0, 1",
    "b, 29, 31, 0, 1",
    // The Lease was released, but not taken yet.
    "b, 29, 29, 0, 0",
    // After another has taken it.
    "a, 21, 21, 1, 0",
    "b, 31, 31, 1, 0",
    // Before the first term, and from a replica that never led.
    "a, 5,  5,  1, 0",
    "c, 11, 11, 1, 0",
    // Before its own turn, carried out within it.
    "b, 15, 25, 1, 0",
    // Received in the moment in which the next holder's write was done: not after it.
    "a, 20, 20, 0, 0"
  })
  void writeReceivedAfterTheStartOfTheNextTermOverlaps(
      String podUid, int received, int completed, int overlapping, int late) {
    List<ApiWrite> writes = List.of(write(received, completed, podUid));

    assertEquals(overlapping, TERMS.overlapping(writes), "received after the take");
    assertEquals(late, TERMS.late(writes), "received before and carried out after it");
  }

  @Test
  void allWritesAreCounted() {
    List<ApiWrite> writes = List.of(write(21, 21, "a"), write(22, 22, "a"), write(23, 23, "b"));

    assertEquals(2, TERMS.overlapping(writes), "two of a, while b led");
  }

  @Test
  void successorIsTheNextDifferentHolder() {
    assertEquals(
        Optional.of("pod-1_b"),
        TERMS.successor("pod-0_a", START.plusSeconds(15)).map(LeaderTerms.Term::holder));
    assertEquals(
        Optional.empty(),
        TERMS.successor("pod-0_a", START.plusSeconds(25)),
        "the only term after that is its own");
  }

  @Test
  void restartedContainerOfTheSamePodStartsItsOwnTerm() {
    LeaderTerms terms =
        LeaderTerms.of(
            List.of(new Held("pod-0_a", 1, 100), new Held("pod-0_a", 2, 200)),
            List.of(lease(10, 100, "a"), lease(20, 200, "a")));

    assertEquals(List.of("pod-0_a", "pod-0_a"), terms.holders());
    assertEquals(
        0, terms.overlapping(List.of(write(15, 15, "a"), write(25, 25, "a"))), "both may write");
  }

  @Test
  void changeOfTheHolderThatIsNotInTheLogIsLeftOut() {
    LeaderTerms terms =
        LeaderTerms.of(
            List.of(new Held("pod-0_a", 1, 100), new Held("pod-1_b", 2, 200)),
            List.of(lease(10, 100, "a")));

    assertEquals(List.of("pod-0_a"), terms.holders(), "when b took it is not known");
  }

  @Test
  void identityIsThePodNameAndUid() {
    LeaderTerms.Term term = new LeaderTerms.Term("my_pod-0_1f-2", 1, START);

    assertEquals("my_pod-0", term.podName());
    assertEquals("1f-2", term.podUid());
    assertEquals("", LeaderTerms.podName("by-hand"), "an operator has written something else");
  }

  private static ApiWrite lease(int second, long version, String podUid) {
    Instant at = START.plusSeconds(second);
    return new ApiWrite(at, at, Target.LEASE, DemoLeases.NAME, version, podUid);
  }

  private static ApiWrite write(int received, int completed, String podUid) {
    return new ApiWrite(
        START.plusSeconds(received), START.plusSeconds(completed), Target.NODE, "n", 1, podUid);
  }
}
