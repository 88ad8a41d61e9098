// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.kube.Happenings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDraftTest {
  private static final int LIMIT = 1024;

  @Test
  void eventOfANodeNamesItsPolicyAsRelated() {
    EventDraft draft = EventDraft.of(Happenings.warm("n1")).orElseThrow();

    assertEquals(new ObjectRef("v1", "Node", "n1", "uid-n1"), draft.regarding());
    assertEquals(
        Optional.of(new ObjectRef("nodeqos.io/v1alpha1", "NodeQoSPolicy", "base", "uid-base")),
        draft.related());
    assertEquals(new EventDraft.Kind(false, "WarmedUp", "WarmUp"), draft.kind());
    assertEquals(Happenings.AT, draft.at());
  }

  @Test
  void eventOfAPolicyIsAboutThePolicy() {
    EventDraft draft =
        EventDraft.of(Happenings.onPolicy(Type.POLICY_INVALID, "Wrong.")).orElseThrow();

    assertEquals("NodeQoSPolicy", draft.regarding().kind());
    assertEquals(Optional.empty(), draft.related());
    assertTrue(draft.kind().warning());
  }

  @Test
  void happeningWithoutAnObjectIsNoEvent() {
    assertEquals(Optional.empty(), EventDraft.of(Happenings.onNothing(Type.LEADER_CHANGED)));
    assertEquals(Optional.empty(), EventDraft.of(Happenings.onNothing(Type.WORKER_FAILED)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_CHANGED")
  void everyOtherTypeHasADocumentedReason(Type type) throws IOException {
    String reason = EventDraft.of(Happenings.on("n1", type, "x")).orElseThrow().kind().reason();

    assertTrue(reason.matches("([A-Z][a-z]+)+"), reason);
    String page = Files.readString(Path.of("src/site/markdown/operations.md"));
    assertTrue(page.contains("| `" + reason + "` |"), reason + " is missing in operations.md");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "é", "€", "🚀"})
  void longNoteIsCutBetweenCodePoints(String letter) {
    String text = letter.repeat(2_000);

    String note = EventDraft.of(Happenings.on("n1", Type.WARMUP_DONE, text)).orElseThrow().note();

    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    assertTrue(bytes.length <= LIMIT && bytes.length > LIMIT - 4, bytes.length + " bytes");
    assertEquals(note, new String(bytes, StandardCharsets.UTF_8), "no half code point");
    assertTrue(text.startsWith(note.substring(0, note.length() - 1)) && note.endsWith("…"), note);
  }

  @Test
  void fittingNoteIsUnchanged() {
    String most = "€".repeat(341) + "x";

    EventDraft draft = EventDraft.of(Happenings.on("n1", Type.WARMUP_DONE, most)).orElseThrow();

    assertEquals(most, draft.note());
    int combined = draft.combined().note().getBytes(StandardCharsets.UTF_8).length;
    assertTrue(combined <= LIMIT, combined + " bytes");
  }
}
