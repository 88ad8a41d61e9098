// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class PromQlTest {
  @Test
  void onlyMetricsAreFound() {
    assertEquals(
        Set.of("a_total", "b_bucket", "c", "up"),
        PromQl.metrics(
            """
            sum by (job, le) (rate(a_total{code=~"5..|<e{r}r>", x="up_x"}[5m:1m]))
              / ignoring (phase) group_left (y) histogram_quantile(0.9, b_bucket offset 15m) > 1e3
            and on (job, instance) c{} unless up == bool 0
            """));
  }
}
