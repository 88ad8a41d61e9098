// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.demo.DemoProgress.Control;
import io.nodeqos.cli.demo.DemoProgress.Leader;
import io.nodeqos.cli.demo.DemoProgress.Outage;
import io.nodeqos.cli.demo.NodeBoard.Condition;
import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.cli.demo.NodeBoard.Times;
import io.nodeqos.text.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DemoViewTest {

  private static final String ESCAPE = "\u001b";

  @Test
  void blockShowsPhasesReasonsAndTimes() {
    List<String> block = new DemoView(false).block(progress(Duration.ofSeconds(5)), "warming up");

    assertEquals(
        List.of(
            "warming up                                  5.0 s",
            "  joined               4/5  ################################........",
            "  configured           3/5  ########################................",
            "  warm                 1/4  ##########..............................",
            "waiting for",
            "     2  ReservedPodsNotReady      b: kube-system/cilium-1 is not Ready",
            "time to warm  median 3.0 s, P99 3.0 s, slowest 3.0 s",
            "writes        6 to nodes, 1.50 for each node",
            "leader        pod-1, epoch 2"),
        block);
  }

  @Test
  void lineForALogIsOneLine() {
    assertEquals(
        "  5.0 s  warming up: joined 4/5, configured 3, warm 1/4,"
            + " waiting for ReservedPodsNotReady 2; 6 writes to nodes; leader pod-1, epoch 2",
        new DemoView(false).line(progress(Duration.ofSeconds(5)), "warming up"));
  }

  @Test
  void viewShowsTheRunningGapAfterAKill() {
    Duration gap = Duration.ofMillis(6_300);
    Optional<Leader> next = Optional.of(new Leader("pod-2", 2));

    assertEquals(
        "none; pod-1 was killed, no write for 6.3 s",
        DemoView.leader(
            new Control(9, Optional.empty(), Optional.of(new Outage("pod-1", gap, false)))),
        "no leader has written yet");
    assertEquals(
        "pod-2, epoch 2; gap after pod-1 was killed: 6.3 s",
        DemoView.leader(new Control(9, next, Optional.of(new Outage("pod-1", gap, true)))),
        "the next leader has");
  }

  @Test
  void viewSaysWhenNoNodeWaits() {
    DemoProgress empty =
        DemoProgress.of(Duration.ZERO, new Expectation(5, Set.of()), List.of(), control(0));

    List<String> block = new DemoView(false).block(empty, "x");

    assertTrue(block.contains("  nothing"), "no node waits: " + block);
    assertTrue(block.contains("time to warm  no node is warm yet"), "no time known: " + block);
  }

  @Test
  void moreReasonsThanThereIsRoomForAreCounted() {
    List<State> nodes =
        IntStream.range(0, 8).mapToObj(i -> waiting("n" + i, "Reason" + i)).toList();

    List<String> block =
        new DemoView(false)
            .block(
                DemoProgress.of(Duration.ZERO, new Expectation(8, Set.of()), nodes, control(0)),
                "x");

    assertTrue(block.contains("  and 3 more reasons"), "five of eight are shown: " + block);
  }

  @Test
  void coloursAreUsedOnlyWhenAskedFor() {
    DemoProgress progress = progress(Duration.ofSeconds(5));

    assertFalse(
        String.join("\n", new DemoView(false).block(progress, "x")).contains(ESCAPE),
        "no escape sequence without colours");
    assertTrue(
        String.join("\n", new DemoView(true).block(progress, "x")).contains(ESCAPE),
        "colours are escape sequences");
  }

  @Test
  void outputWithoutATerminalIsOneLineEveryTwoSeconds() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DemoScreen screen =
        new DemoScreen(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            false,
            TextFormat::plain,
            new DemoView(false));

    for (int millis = 0; millis <= 4_000; millis += 500) {
      screen.show(progress(Duration.ofMillis(millis)), "warming up");
    }

    String text = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(3, text.lines().count(), "at 0, 2 and 4 s: " + text);
    assertFalse(text.contains(ESCAPE), "no escape sequences in a log");
  }

  @Test
  void lineThatIsTooLongForTheTerminalEndsWithAnEllipsis() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DemoScreen screen =
        new DemoScreen(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            true,
            () -> new TextFormat(40, false, false),
            new DemoView(false));

    screen.show(progress(Duration.ofSeconds(5)), "warming up");

    String text = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("     2  ReservedPodsNotReady      b: ...\n"), text);
  }

  @Test
  void terminalOutputReplacesThePreviousBlock() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DemoScreen screen =
        new DemoScreen(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            true,
            TextFormat::plain,
            new DemoView(false));
    DemoProgress progress = progress(Duration.ofSeconds(5));

    screen.show(progress, "x");
    String first = bytes.toString(StandardCharsets.UTF_8);
    screen.show(progress, "x");
    String second = bytes.toString(StandardCharsets.UTF_8).substring(first.length());

    assertFalse(first.contains(ESCAPE + "[9A"), "there is nothing yet to draw over");
    assertTrue(second.contains(ESCAPE + "[9A"), "nine lines up: " + second);
  }

  @Test
  void quantilesAreByNearestRank() {
    List<Duration> times = IntStream.rangeClosed(1, 200).mapToObj(Duration::ofSeconds).toList();

    assertEquals(Duration.ofSeconds(100), DemoProgress.quantile(times, 0.5));
    assertEquals(Duration.ofSeconds(198), DemoProgress.quantile(times, 0.99));
    assertEquals(Duration.ofSeconds(200), DemoProgress.quantile(times, 1));
    assertEquals(Duration.ofSeconds(1), DemoProgress.quantile(times.subList(0, 1), 0.5));
  }

  private static DemoProgress progress(Duration elapsed) {
    List<State> nodes =
        List.of(
            new State(
                "a", Phase.WARM, true, new Condition("", ""), new Times(0, 3_000_000_000L, 9)),
            waiting("b", "ReservedPodsNotReady"),
            waiting("c", "ReservedPodsNotReady"),
            new State("d", Phase.JOINED, false, new Condition("", ""), new Times(4, 0, 0)));
    return DemoProgress.of(elapsed, new Expectation(5, Set.of("c")), nodes, control(6));
  }

  private static Control control(long writes) {
    return new Control(writes, Optional.of(new Leader("pod-1", 2)), Optional.empty());
  }

  private static State waiting(String name, String reason) {
    return new State(
        name,
        Phase.WAITING,
        true,
        new Condition(reason, "kube-system/cilium-1 is not Ready"),
        new Times(name.charAt(0), 0, 0));
  }
}
