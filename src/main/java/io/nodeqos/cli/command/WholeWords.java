// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IOptionRenderer;
import picocli.CommandLine.Help.IParameterRenderer;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Help whose lines break only between words, so that addresses and keys of settings can be copied.
 * Picocli breaks a line after each slash, colon and full stop. Here these characters are others,
 * which no line breaks at, until the lines are made.
 */
final class WholeWords extends Help {
  private static final String BREAKING = "/:.-,=?&";

  private static final int INDENT = 2;

  /** The indent, and two blanks between name and sentence. */
  private static final int GAP = INDENT + 2;

  /** The first of the private use area of Unicode. */
  private static final char FIRST = '\ue000';

  private WholeWords(CommandSpec spec, ColorScheme colours) {
    super(spec, colours);
  }

  /** For a command line and all of its commands. */
  static CommandLine in(CommandLine line) {
    line.setHelpFactory(WholeWords::new);
    Map<String, IHelpSectionRenderer> sections = new LinkedHashMap<>();
    line.getHelpSectionMap()
        .forEach((key, section) -> sections.put(key, help -> restored(section.render(help))));
    return line.setHelpSectionMap(sections);
  }

  @Override
  public String description(Object... parameters) {
    return joined(commandSpec().usageMessage().description(), parameters);
  }

  @Override
  public String footer(Object... parameters) {
    return joined(commandSpec().usageMessage().footer(), parameters);
  }

  /** Only the first sentence of each command: the list shall fit on a screen. */
  @Override
  public String commandList(Map<String, Help> commands) {
    TextTable table =
        TextTable.forColumns(
            colorScheme(),
            new Column(longest(commands) + GAP, INDENT, Column.Overflow.SPAN),
            new Column(
                commandSpec().usageMessage().width() - longest(commands) - GAP,
                0,
                Column.Overflow.WRAP));
    commands.forEach(
        (name, help) ->
            table.addRowValues(
                colorScheme().commandText(name),
                ansi().new Text(kept(CommandSummary.of(help.commandSpec())), colorScheme())));
    return table.toString();
  }

  private static int longest(Map<String, Help> commands) {
    return commands.keySet().stream().mapToInt(String::length).max().orElse(0);
  }

  private String joined(String[] paragraphs, Object... parameters) {
    String[] whole = new String[paragraphs.length];
    for (int i = 0; i < paragraphs.length; i++) {
      whole[i] = kept(paragraphs[i]);
    }
    return join(
            ansi(),
            commandSpec().usageMessage().width(),
            commandSpec().usageMessage().adjustLineBreaksForWideCJKCharacters(),
            whole,
            new StringBuilder(),
            parameters)
        .toString();
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer usual = super.createDefaultOptionRenderer();
    return (option, label, colours) -> kept(usual.render(option, label, colours));
  }

  @Override
  public IParameterRenderer createDefaultParameterRenderer() {
    IParameterRenderer usual = super.createDefaultParameterRenderer();
    return (parameter, label, colours) -> kept(usual.render(parameter, label, colours));
  }

  /** The last column is the description, which has no styles. */
  private Text[][] kept(Text[][] rows) {
    for (Text[] row : rows) {
      int last = row.length - 1;
      row[last] = ansi().new Text(kept(row[last].plainString()), colorScheme());
    }
    return rows;
  }

  private static String kept(String text) {
    StringBuilder whole = new StringBuilder(text);
    for (int i = 1; i + 1 < text.length(); i++) {
      int index = BREAKING.indexOf(text.charAt(i));
      if (index >= 0 && text.charAt(i + 1) != ' ' && text.charAt(i - 1) != ' ') {
        whole.setCharAt(i, (char) (FIRST + index));
      }
    }
    return whole.toString();
  }

  private static String restored(String text) {
    String plain = text;
    for (int i = 0; i < BREAKING.length(); i++) {
      plain = plain.replace((char) (FIRST + i), BREAKING.charAt(i));
    }
    return plain;
  }
}
