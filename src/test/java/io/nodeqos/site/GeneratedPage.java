// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the documentation whose text below a mark is generated. */
final class GeneratedPage {
  private static final String MARK = "<!-- Generated below; ";

  private final Path path;

  GeneratedPage(String name) {
    this.path = MarkdownFile.PAGES.resolve(name);
  }

  /** Fails when the page holds another text, and says how to renew it. */
  void assertHolds(String generated) throws IOException {
    String page = Files.readString(path);
    assertTrue(page.contains(MARK), path + " has no line with the mark " + MARK);
    String byHand = page.substring(0, page.indexOf('\n', page.indexOf(MARK)));
    String wanted = byHand + "\n\n" + generated;
    if (!wanted.equals(page)) {
      Path renewed = Path.of("target/site").resolve(path.getFileName());
      Files.createDirectories(renewed.getParent());
      Files.writeString(renewed, wanted);
      fail(path + " is out of date. Renew it: cp " + renewed + " " + path);
    }
  }
}
