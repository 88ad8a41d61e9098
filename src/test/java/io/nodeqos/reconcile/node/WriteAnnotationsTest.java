// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.value.Taint;
import io.nodeqos.reconcile.ToggledFence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteAnnotationsTest {
  private static final MetadataChange CHANGE =
      new MetadataChange(
          Map.of("l", "1"),
          Set.of("m"),
          Map.of("a", "1"),
          Set.of("b"),
          Optional.of(List.of(Taint.of("t", "NoSchedule"))));

  @Test
  void onlyTheEpochIsAdded() {
    MetadataChange with = rideAlong(7).on(CHANGE, NodeFixture.node("n").build());
    assertEquals(
        new MetadataChange(
            CHANGE.setLabels(),
            CHANGE.removeLabels(),
            Map.of("a", "1", Keys.LEADER_EPOCH, "7"),
            CHANGE.removeAnnotations(),
            CHANGE.taints()),
        with);
  }

  @Test
  void epochOnTheNodeIsNotWrittenAgain() {
    assertEquals(
        CHANGE,
        rideAlong(7).on(CHANGE, NodeFixture.node("n").annotation(Keys.LEADER_EPOCH, "7").build()));
  }

  @Test
  void traceOfAnEarlierWriteIsRemoved() {
    MetadataChange with =
        rideAlong(7)
            .on(CHANGE, NodeFixture.node("n").annotation(Keys.TRACEPARENT, "00-1-2-01").build());
    assertEquals(Set.of("b", Keys.TRACEPARENT), with.removeAnnotations());
  }

  private static WriteAnnotations rideAlong(int epoch) {
    ToggledFence fence = new ToggledFence();
    for (int i = 0; i < epoch; i++) {
      fence.open();
    }
    return new WriteAnnotations(fence, Keys.TRACEPARENT);
  }
}
