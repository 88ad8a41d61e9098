// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.http.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplainViewTest {
  @Test
  void replicaThatStillFillsItsCachesKnowsNoNode() throws InterruptedException {
    // Nothing is explained, so no explainer is needed.
    ExplainView view = new ExplainView(null, () -> false);

    assertEquals(503, view.answer(new Request("/explain", Map.of("node", "n"), "", "")).status());
  }
}
