// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.history.Transition.Type;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransitionFinderTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final TransitionFinder finder = new TransitionFinder(Nodes::policiesOf, Keys.TRACEPARENT);
  private Optional<NodeMarks> known = Optional.empty();

  /** The transitions found when the node becomes this, in term 4. */
  private List<Transition> watch(NodeView node) {
    return look(node, true);
  }

  private List<Transition> look(NodeView node, boolean witnessed) {
    NodeMarks now = NodeMarks.of(node);
    List<Transition> found =
        finder.find(known, now, new InboxMessage.Seen(node, NOW, 4, witnessed));
    known = Optional.of(TransitionFinder.next(known, now));
    return found;
  }

  private static List<Type> types(List<Transition> transitions) {
    return transitions.stream().map(Transition::type).toList();
  }

  private Transition only(List<Transition> transitions) {
    assertEquals(1, transitions.size(), transitions.toString());
    return transitions.get(0);
  }

  @Test
  void lifeOfANodeIsReportedInOrderAndEachStepOnce() {
    List<Transition> all = new ArrayList<>();
    for (NodeView station : Nodes.life("n1")) {
      all.addAll(watch(station));
      assertEquals(List.of(), watch(station), "nothing has happened since");
    }
    assertEquals(
        List.of(Type.CONFIG_UPDATED, Type.WARMUP_STARTED, Type.WARMUP_WAITING, Type.WARMUP_DONE),
        types(all));
    assertTrue(all.stream().noneMatch(Transition::rebuilt));
    assertTrue(all.stream().allMatch(t -> t.at().equals(NOW)), "when it was seen");
    assertEquals(
        List.of(
            "Configuration v1 was written to the node, from policy base, gold.",
            Nodes.WAITING_FOR_PODS,
            Nodes.WAITING_FOR_IMAGES,
            "The node became warm after 7s. All gates are open."),
        all.stream().map(Transition::message).toList());
    assertEquals(List.of("base", "gold"), all.get(3).policies());
  }

  @Test
  void transitionWrittenWithTheMetadataHasTermAndTrace() {
    watch(Nodes.bare("n1").build());
    Transition configured = only(watch(Nodes.configured("n1", "v1").build()));
    assertEquals(3, configured.epoch(), "of the annotation");
    assertEquals(Nodes.TRACE, configured.traceId());
    watch(Nodes.waiting("n1").build());
    Transition waiting =
        only(watch(Nodes.waiting("n1", "ImagesMissing", Nodes.WAITING_FOR_IMAGES).build()));
    assertEquals(4, waiting.epoch(), "of the Lease: the status was written alone");
    assertEquals("", waiting.traceId());
  }

  @Test
  void changedWordingIsNoTransition() {
    watch(Nodes.waiting("n1").build());
    assertEquals(
        List.of(), watch(Nodes.waiting("n1", "ReservedPodsNotReady", "another pod").build()));
  }

  @Test
  void releasedGatesAreReportedBeforeTheEnd() {
    watch(Nodes.waiting("n1").build());
    List<Transition> found =
        watch(Nodes.warm("n1", NodeCondition.RELEASED + "reservedPods.").build());
    assertEquals(List.of(Type.WARMUP_TIMED_OUT, Type.WARMUP_DONE), types(found));
    assertEquals("Released after their timeout: reservedPods.", found.get(0).message());
    assertEquals("The node became warm after 7s.", found.get(1).message());
  }

  @Test
  void rebootLosesTheMarkAndRestartsTheWarmUp() {
    watch(Nodes.warm("n1").build());
    assertEquals(
        List.of(), watch(Nodes.warm("n1").boot("boot-2").build()), "nothing is written yet");
    List<Transition> found = new ArrayList<>(watch(Nodes.configured("n1", "v1").build()));
    found.addAll(watch(Nodes.waiting("n1").build()));
    assertEquals(List.of(Type.WARMUP_LOST, Type.WARMUP_STARTED), types(found));
    assertEquals(List.of(Type.WARMUP_DONE), types(watch(again())));
  }

  /** Warm again, later. */
  private static NodeView again() {
    return Nodes.warm("n1")
        .annotation(Keys.WARMED_UP_AT, Nodes.WARM.plusSeconds(100).toString())
        .build();
  }

  @Test
  void repairedConditionIsNoSecondWarmUp() {
    watch(Nodes.waiting("n1").build());
    watch(Nodes.warm("n1").build());
    watch(Nodes.marked("n1").build());
    assertEquals(List.of(), watch(Nodes.warm("n1").build()));
  }

  @Test
  void removedConfigurationIsReported() {
    watch(Nodes.configured("n1", "v1").build());
    assertEquals(Type.CONFIG_UPDATED, only(watch(Nodes.configured("n1", "v2").build())).type());
    Transition removed = only(watch(Nodes.bare("n1").build()));
    assertEquals(Type.CONFIG_REMOVED, removed.type());
    assertEquals("", removed.configVersion());
  }

  @Test
  void unknownNodeIsReadFromItsAnnotationsAndCondition() {
    Transition warm = only(look(Nodes.warm("n1").build(), false));
    assertEquals(Type.WARMUP_DONE, warm.type());
    assertEquals(Nodes.WARM, warm.at(), "as the annotation says");
    assertTrue(warm.rebuilt());
    assertEquals("v1", warm.configVersion());
    assertEquals(3, warm.epoch());
    known = Optional.empty();
    Transition waiting = only(look(Nodes.waiting("n1").build(), false));
    assertEquals(Type.WARMUP_STARTED, waiting.type());
    assertEquals(Nodes.BEGIN, waiting.at(), "as the condition says");
    known = Optional.empty();
    Transition configured = only(look(Nodes.configured("n1", "v1").build(), false));
    assertEquals(Type.CONFIG_UPDATED, configured.type());
    assertEquals(NOW, configured.at(), "the Node does not say");
    known = Optional.empty();
    assertEquals(List.of(), look(Nodes.bare("n1").build(), false));
  }

  @Test
  void transitionMissedByTheWatchIsRebuilt() {
    watch(Nodes.waiting("n1").build());
    Transition done = only(look(Nodes.warm("n1").build(), false));
    assertEquals(Type.WARMUP_DONE, done.type());
    assertEquals(Nodes.WARM, done.at());
    assertTrue(done.rebuilt());
  }

  @Test
  void foreignAnnotationsAreIgnored() {
    NodeFixture node =
        Nodes.warm("n1")
            .annotation(Keys.WARMED_UP_AT, "yesterday")
            .annotation(Keys.LEADER_EPOCH, "three")
            .annotation(Keys.TRACEPARENT, "00-short-x-01");
    Transition done = only(look(node.build(), false));
    assertEquals(Instant.parse("2026-03-01T10:00:07Z"), done.at(), "the condition's");
    assertEquals(0, done.epoch());
    assertEquals("", done.traceId());
  }

  @Test
  void longMessageIsCut() {
    watch(Nodes.bare("n1").build());
    Transition started =
        only(watch(Nodes.waiting("n1", "R", "x".repeat(5_000)).build()).subList(1, 2));
    assertEquals(1_000, started.message().length());
  }
}
