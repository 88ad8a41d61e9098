// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.store.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The questions of {@code --what-if}; a mistake is found before a simulation has run. */
final class Questions {
  private static final String OPTION = "--what-if ";

  private Questions() {}

  /**
   * Parses a question: {@code agent=NAME[,LABEL=VALUE...]}, {@code restart} or {@code
   * delete=POLICY}.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static WhatIf parse(String text) {
    if (text.equals("restart")) {
      return new WhatIf.Restart();
    }
    if (text.matches("delete=.+")) {
      return new WhatIf.PolicyDeleted(text.substring("delete=".length()));
    }
    if (text.matches("agent=[^,]+(,.+)?")) {
      String[] parts = text.substring("agent=".length()).split(",", 2);
      return new WhatIf.AgentDown(parts[0], selector(text, parts.length > 1 ? parts[1] : ""));
    }
    throw new IllegalArgumentException(
        OPTION
            + "is "
            + text
            + ", must be agent=DAEMONSET[,LABEL=VALUE], restart or delete=POLICY");
  }

  private static String selector(String question, String selector) {
    try {
      LabelSelector.parse(selector);
      return selector;
    } catch (ApiException e) {
      throw new IllegalArgumentException(
          OPTION + "is " + question + ", but " + selector + " is no selector like zone=a,pool!=gpu",
          e);
    }
  }

  /**
   * Checks that there is the object of each question.
   *
   * @throws CommandException with a sentence
   */
  static void check(List<WhatIf> questions, SimulationInput input) {
    for (WhatIf question : questions) {
      if (question instanceof WhatIf.PolicyDeleted deleted) {
        check(deleted, input);
      } else if (question instanceof WhatIf.AgentDown down) {
        check(down, input.objects());
      }
    }
  }

  private static void check(WhatIf.PolicyDeleted deleted, SimulationInput input) {
    boolean present =
        Stream.concat(
                input.objects().in(CacheFeed.POLICIES).stream(),
                input.policies().stream().map(document -> document.object()))
            .map(FleetJson::name)
            .anyMatch(deleted.policy()::equals);
    if (!present) {
      throw mistake("delete=" + deleted.policy() + ": there is no such policy");
    }
  }

  private static void check(WhatIf.AgentDown down, ClusterObjects objects) {
    boolean present =
        objects.in(CacheFeed.DAEMON_SETS).stream()
            .map(FleetJson::name)
            .anyMatch(down.daemonSet()::equals);
    if (!present) {
      throw mistake("agent=" + down.daemonSet() + ": there is no such DaemonSet");
    }
    LabelSelector selector = LabelSelector.parse(down.selector());
    boolean selects =
        objects.in(CacheFeed.NODES).stream().anyMatch(node -> selector.matches(labels(node)));
    if (!selects) {
      throw mistake(
          "agent=%s,%s: no node has such labels".formatted(down.daemonSet(), down.selector()));
    }
  }

  private static Map<String, String> labels(JsonObject node) {
    return FleetJson.strings(node, "metadata", "labels");
  }

  static CommandException mistake(String sentence) {
    return CommandException.badInput("BadWhatIf", OPTION + sentence);
  }
}
