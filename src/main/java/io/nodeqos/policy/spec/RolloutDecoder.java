// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Decodes {@code spec.rollout}. */
final class RolloutDecoder {
  private static final int MAX_NODES = 100_000;
  private static final int MAX_CONDITIONS = 16;
  private static final int MAX_HISTORY = 100;
  private static final Pattern SHARE = Pattern.compile("[0-9]{1,6}|[0-9]{1,3}%");
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
      if (!element.has("nodes")) {
        element.problem(element.path("nodes") + " is missing; allowed is " + shareInWords(1));
      }
      Optional<Share> nodes = share(element, "nodes", 1);
      if (nodes.isPresent() && !steps.isEmpty()) {
        mustRise(element, steps.get(steps.size() - 1).nodes(), nodes.get());
      }
      Optional<Pause> pause = element.child("pause").map(p -> new Pause(p.duration("duration")));
      nodes.ifPresent(share -> steps.add(new Step(share, pause)));
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
    Set<String> types = new HashSet<>();
    for (SpecReader c : r.children("conditions", MAX_CONDITIONS)) {
      String type =
          c.required("type", WarmUpDecoder.QUALIFIED_NAME, "the type of a node condition");
      if (!type.isEmpty() && !types.add(type)) {
        c.problem(c.path("type") + ": \"" + type + "\" is used by two conditions");
      }
      conditions.add(
          new Condition(
              type,
              c.text("status", WarmUpDecoder.STATUS, "True, False or Unknown").orElse("True")));
    }
    Duration soak = r.duration("for").orElse(Health.DEFAULT_SOAK);
    return new Health(
        soak, r.duration("ackWithin"), conditions, share(r, "maxFailed", 0).orElse(Share.NONE));
  }

  /** Empty when absent, and for a mistake, which is reported. */
  private static Optional<Share> share(SpecReader r, String field, int least) {
    return r.text(field)
        .flatMap(
            text -> {
              Optional<Share> share =
                  Optional.of(text)
                      .filter(t -> SHARE.matcher(t).matches())
                      .map(RolloutDecoder::share)
                      .filter(s -> s.value() >= least)
                      .filter(s -> s.value() <= (s.isPercentage() ? 100 : MAX_NODES));
              if (share.isEmpty()) {
                r.problem(
                    r.path(field)
                        + ": \""
                        + text
                        + "\" is not allowed; allowed is "
                        + shareInWords(least));
              }
              return share;
            });
  }

  private static Share share(String text) {
    return text.endsWith("%")
        ? new Share(Integer.parseInt(text.substring(0, text.length() - 1)), true)
        : new Share(Integer.parseInt(text), false);
  }

  private static String shareInWords(int least) {
    return "a whole number from %d to %d, or a percentage from %d%% to 100%%"
        .formatted(least, MAX_NODES, least);
  }
}
