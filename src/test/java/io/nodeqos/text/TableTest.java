// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final TextFormat PLAIN = TextFormat.plain();

  private static Table table() {
    return Table.of(
            Column.of("NODE"), Column.number("PODS"), Column.wide("ZONE"), Column.of("MESSAGE"))
        .row("general-1", "7", "a", "pod kube-system/cilium-x is not Ready")
        .row("gpu-2", "110", "b", "");
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertEquals(
        List.of(
            "NODE        PODS   MESSAGE",
            "general-1      7   pod kube-system/cilium-x is not Ready",
            "gpu-2        110"),
        table().lines(PLAIN));
  }

  @Test
  void wideTableHasAllColumnsAndIsNotCut() {
    assertEquals(
        "general-1      7   a      pod kube-system/cilium-x is not Ready",
        table().lines(new TextFormat(30, false, true)).get(1));
  }

  @Test
  void controlCharactersOfATextDoNotReachTheTerminal() {
    assertEquals("a [2Jb c", Cell.of("a\u001b[2Jb\r\nc").text());
    assertEquals("a b", Cell.of("a\u009b\u202eb").text());
    assertEquals("größer als 中文", Cell.of("größer als 中文").text());
  }

  @Test
  void lineThatIsTooLongEndsWithAnEllipsis() {
    List<String> lines = table().lines(new TextFormat(30, false, false));
    assertEquals("general-1      7   pod kube...", lines.get(1));
    assertEquals(30, lines.get(1).length());
    assertEquals("gpu-2        110", lines.get(2));
  }

  @Test
  void lineThatEndsAtTheEdgeIsNotCut() {
    Table edge = Table.of(Column.of(""), Column.of("")).row("12345678901234", "abc");
    assertEquals(List.of("12345678901234   abc"), edge.lines(new TextFormat(20, false, false)));
  }

  @Test
  void styleCountsForNoWidth() {
    Table styled =
        Table.of(Column.of("A"), Column.of("B"))
            .row(List.of(new Cell("warm", Style.GOOD), Cell.of("1")));
    assertEquals(
        List.of("A      B", "\u001b[32mwarm\u001b[0m   1"),
        styled.lines(new TextFormat(0, true, false)));
    assertEquals(List.of("A      B", "warm   1"), styled.lines(PLAIN));
  }

  @Test
  void lineBreakInACellDoesNotBreakTheTable() {
    assertEquals(List.of("a b"), Table.of(Column.of("")).row("a\nb").lines(PLAIN));
  }

  @Test
  void tableWithoutRowsHasNoTitlesEither() {
    assertEquals(List.of(), Table.of(Column.of("NODE")).lines(PLAIN));
  }

  @Test
  void styledTextIsCutByWhatIsSeen() {
    TextFormat narrow = new TextFormat(20, true, false);
    assertEquals(
        "\u001b[31m0123456789\u001b[0mabcdefg...",
        narrow.fittedStyled("\u001b[31m0123456789\u001b[0mabcdefghijklmnop"));
    assertEquals(
        "\u001b[31m0123456789\u001b[0mabcdefghij",
        narrow.fittedStyled("\u001b[31m0123456789\u001b[0mabcdefghij"));
  }

  @Test
  void textWrapsBetweenWords() {
    assertEquals(
        List.of("  a whole number", "  from 0 to 65535"),
        new TextFormat(20, false, false).wrapped("a whole number from  0 to 65535", "  "));
    assertEquals(
        List.of("  aLongWordThatIsWiderThanAll", "  b"),
        new TextFormat(20, false, false).wrapped("aLongWordThatIsWiderThanAll b", "  "));
  }

  @Test
  void textIsCutBetweenCharacters() {
    String text = "0123456789012345\ud83d\ude00 and more";
    assertEquals("0123456789012345...", new TextFormat(20, false, false).fitted(text));
  }
}
