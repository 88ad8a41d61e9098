// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutSpec.Condition;
import io.nodeqos.policy.rollout.RolloutSpec.Health;
import io.nodeqos.policy.rollout.RolloutSpec.NewNodes;
import io.nodeqos.policy.rollout.RolloutSpec.OnFailure;
import io.nodeqos.policy.rollout.RolloutSpec.Pause;
import io.nodeqos.policy.rollout.RolloutSpec.Step;
import io.nodeqos.policy.rollout.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decodes {@code spec.rollout}. */
final class RolloutDecoder {
  private static final int MAX_NODES = 100_000;
  private static final int MAX_CONDITIONS = 16;
  private static final int MAX_HISTORY = 100;
  private static final Pattern SHARE = Pattern.compile("[0-9]{1,6}|[0-9]{1,3}%");
  private static final String SHARE_IN_WORDS =
      "a whole number up to " + MAX_NODES + ", or a percentage from 0% to 100%";
  private static final Pattern NEW_NODES = Pattern.compile("Stable|Target");
  private static final Pattern ON_FAILURE = Pattern.compile("RollBack|Pause");

  private RolloutDecoder() {}

  static RolloutSpec rollout(SpecReader r) {
    return new RolloutSpec(
        steps(r),
        r.integer("maxConcurrent", 1, MAX_NODES).orElse(RolloutSpec.DEFAULT_CONCURRENT),
        r.text("spreadBy", WarmUpDecoder.QUALIFIED_NAME, "a qualified name")
            .orElse(RolloutSpec.DEFAULT_SPREAD),
        r.text("newNodes", NEW_NODES, "Stable or Target").orElse("").equals("Target")
            ? NewNodes.TARGET
            : NewNodes.STABLE,
        r.bool("paused"),
        r.child("health")
            .map(RolloutDecoder::health)
            .orElse(new Health(Health.DEFAULT_SOAK, Optional.empty(), List.of(), Share.NONE)),
        r.text("onFailure", ON_FAILURE, "RollBack or Pause").orElse("").equals("Pause")
            ? OnFailure.PAUSE
            : OnFailure.ROLL_BACK,
        r.integer("revisionHistoryLimit", 1, MAX_HISTORY).orElse(RolloutSpec.DEFAULT_HISTORY));
  }

  private static List<Step> steps(SpecReader r) {
    List<Step> steps = new ArrayList<>();
    for (SpecReader element : r.children("steps", RolloutSpec.MAX_STEPS)) {
      Share nodes = share(element, "nodes").orElse(Share.NONE);
      if (!element.has("nodes")) {
        element.problem(element.path("nodes") + " is missing; allowed is " + SHARE_IN_WORDS);
      } else if (nodes.value() == 0) {
        element.problem(element.path("nodes") + " is 0; allowed is at least 1, or 1%");
      }
      if (!steps.isEmpty()) {
        mustRise(element, steps.get(steps.size() - 1).nodes(), nodes);
      }
      steps.add(
          new Step(nodes, element.child("pause").map(p -> new Pause(p.duration("duration")))));
    }
    return steps;
  }

  /** A number and a percentage cannot be compared before the nodes are known. */
  private static void mustRise(SpecReader step, Share before, Share now) {
    boolean rises =
        before.isPercentage() == now.isPercentage()
            ? now.value() > before.value()
            : !before.equals(Share.ALL);
    if (!rises) {
      step.problem(
          step.path("nodes")
              + " is "
              + now.text()
              + " after "
              + before.text()
              + "; allowed is a larger share than in the step before");
    }
  }

  private static Health health(SpecReader r) {
    List<Condition> conditions = new ArrayList<>();
    for (SpecReader c : r.children("conditions", MAX_CONDITIONS)) {
      conditions.add(
          new Condition(
              c.required("type", WarmUpDecoder.QUALIFIED_NAME, "the type of a node condition"),
              c.text("status", WarmUpDecoder.STATUS, "True, False or Unknown").orElse("True")));
    }
    Duration soak = r.duration("for").orElse(Health.DEFAULT_SOAK);
    return new Health(
        soak, r.duration("ackWithin"), conditions, share(r, "maxFailed").orElse(Share.NONE));
  }

  private static Optional<Share> share(SpecReader r, String field) {
    return r.text(field, SHARE, SHARE_IN_WORDS)
        .map(
            text ->
                text.endsWith("%")
                    ? new Share(Integer.parseInt(text.substring(0, text.length() - 1)), true)
                    : new Share(Integer.parseInt(text), false))
        .filter(
            share -> {
              boolean allowed = share.value() <= (share.isPercentage() ? 100 : MAX_NODES);
              if (!allowed) {
                r.problem(
                    r.path(field)
                        + ": \""
                        + share.text()
                        + "\" is not allowed; allowed is "
                        + SHARE_IN_WORDS);
              }
              return allowed;
            });
  }
}
