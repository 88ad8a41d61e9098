// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutSpec.Health;
import io.nodeqos.policy.rollout.RolloutSpec.NewNodes;
import io.nodeqos.policy.rollout.RolloutSpec.OnFailure;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import io.nodeqos.policy.rollout.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromotionTest {
  private static final RolloutRequest REQUEST = RolloutRequest.promote("target", 1);

  private static RolloutState next(Optional<RolloutState> written, RolloutRequest request) {
    RolloutSpec spec =
        new RolloutSpec(
            List.of(),
            1,
            RolloutSpec.DEFAULT_SPREAD,
            NewNodes.STABLE,
            false,
            new Health(Health.DEFAULT_SOAK, Optional.empty(), List.of(), Share.NONE),
            OnFailure.ROLL_BACK,
            RolloutSpec.DEFAULT_HISTORY);
    return RolloutPlanner.decide(
            new RolloutInput(
                spec,
                false,
                request,
                new Revisions("stable", 1, "target"),
                true,
                2,
                written,
                List.of(),
                Instant.EPOCH.plusSeconds(100)))
        .state();
  }

  @Test
  void requestThatIsThereAtTheStartIsAboutAnEarlierRollout() {
    RolloutState started = next(Optional.empty(), REQUEST);
    assertEquals(REQUEST.text(), started.handled());
    assertEquals(0, started.progress().promoted());
    RolloutState later = next(Optional.of(started), REQUEST);
    assertEquals(0, later.progress().promoted());

    RolloutState forgotten = next(Optional.of(later), RolloutRequest.NONE);
    assertEquals("", forgotten.handled());
    assertEquals(1, next(Optional.of(forgotten), REQUEST).progress().promoted());
  }
}
