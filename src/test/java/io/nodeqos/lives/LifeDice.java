// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import io.nodeqos.lives.LifeStep.Act;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The steps of a life, from a seed. */
final class LifeDice {
  private static final int STEPS = 20;
  private static final List<String> POLICIES = List.of("p", "q", "r");
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ZERO,
          Duration.ofMillis(15),
          Duration.ofMillis(700),
          Duration.ofSeconds(4),
          Duration.ofSeconds(25),
          Duration.ofSeconds(90),
          Duration.ofMinutes(3));

  private static final List<Act> ACTS =
      List.of(
          Act.APPLY,
          Act.APPLY,
          Act.APPLY,
          Act.APPLY,
          Act.APPLY,
          Act.BREAK,
          Act.BACK,
          Act.DELETE,
          Act.REPLACE,
          Act.LABEL,
          Act.LABEL,
          Act.JOIN,
          Act.JOIN,
          Act.LEAVE,
          Act.REBOOT,
          Act.FAIL_POD,
          Act.FAIL_POD,
          Act.DELETE_POD,
          Act.AGENT,
          Act.NO_AGENT,
          Act.NAMESPACE,
          Act.FAIL_OVER,
          Act.FAIL_OVER,
          Act.SETTINGS,
          Act.FOREIGN,
          Act.FOREIGN,
          Act.ACKNOWLEDGE,
          Act.ALLOW);

  private final Random random;
  private final boolean keeps;
  private final SpecDice specs;

  private LifeDice(Random random, boolean keeps) {
    this.random = random;
    this.keeps = keeps;
    this.specs = new SpecDice(random, keeps);
  }

  /** Whether the policies of a life say Keep; in the others they say Remove. */
  static boolean keeps(long seed) {
    return seed % 4 == 3;
  }

  static List<LifeStep> steps(long seed) {
    LifeDice dice = new LifeDice(new Random(seed), keeps(seed));
    List<LifeStep> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      steps.add(dice.step());
    }
    return steps;
  }

  private LifeStep step() {
    Act act = of(ACTS);
    String value =
        switch (act) {
          case APPLY -> specs.spec();
          case LABEL -> of(List.of("x", "y", "z"));
          case JOIN -> of(List.of("tainted", "free"));
          case NAMESPACE -> of(List.of("true", "false"));
          case SETTINGS -> of(LifeSettings.NAMES);
          case FOREIGN -> of(OtherWriter.changes(keeps));
          default -> "";
        };
    return new LifeStep(act, of(POLICIES), random.nextInt(100), value, of(PAUSES));
  }

  private <T> T of(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
