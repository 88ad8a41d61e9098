// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown file of this repository: its links, and the anchors that GitHub gives its headings.
 */
record MarkdownFile(Path path, String text) {
  static final Path PAGES = Path.of("src/site/markdown");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^\\s*```.*?^\\s*```\\s*?$");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

  /** Of the top level, the runbook, and all pages. */
  static Stream<MarkdownFile> all() {
    return Stream.of(
            inDirectory(Path.of("")), Stream.of(Path.of("otel/runbook.md")), inDirectory(PAGES))
        .flatMap(paths -> paths)
        .map(MarkdownFile::of);
  }

  static MarkdownFile of(Path path) {
    try {
      return new MarkdownFile(path, Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> inDirectory(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".md")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** Targets, of images too, as they are written. */
  List<String> links() {
    String prose = CODE.matcher(withoutCodeBlocks()).replaceAll("");
    return LINK.matcher(prose).results().map(m -> m.group(1)).toList();
  }

  /**
   * GitHub's rule: lower case, punctuation dropped, hyphens for blanks, a number for a repetition.
   */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    HEADING
        .matcher(withoutCodeBlocks())
        .results()
        .map(MarkdownFile::anchor)
        .forEach(
            anchor -> {
              String unique = anchor;
              for (int i = 1; !anchors.add(unique); i++) {
                unique = anchor + "-" + i;
              }
            });
    return anchors;
  }

  private static String anchor(MatchResult heading) {
    String shown = heading.group(1).replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
    return shown.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
  }

  private String withoutCodeBlocks() {
    return CODE_BLOCK.matcher(text).replaceAll("");
  }
}
