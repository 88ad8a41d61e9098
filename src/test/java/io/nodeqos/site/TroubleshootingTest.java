// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TroubleshootingTest {
  private final MarkdownFile page =
      MarkdownFile.of(MarkdownFile.PAGES.resolve("troubleshooting.md"));

  @ParameterizedTest
  @EnumSource
  void pageHasARowForEachReasonOfTheNodeCondition(Reason reason) {
    assertTrue(page.text().contains("\n| `" + reason.code() + "` | "), reason.code());
  }
}
