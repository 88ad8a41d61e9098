// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.Expectation.Nodes;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Compares the result of a simulation with expectations. */
final class ExpectationCheck {
  private static final int EXAMPLES = 3;

  private final SimulationResult result;

  ExpectationCheck(SimulationResult result) {
    this.result = result;
  }

  /**
   * The outcome of one expectation.
   *
   * @param failure empty when it holds; else a clause with the first offenders
   */
  record Outcome(String expectation, Optional<String> failure) {
    boolean holds() {
      return failure.isEmpty();
    }
  }

  List<Outcome> check(List<Expectation> expectations) {
    return expectations.stream().map(e -> new Outcome(e.sentence(), failure(e))).toList();
  }

  private Optional<String> failure(Expectation expectation) {
    if (expectation instanceof Expectation.Config config) {
      ConfigPath path = ConfigPath.parse(config.path());
      return offenders(
          config.nodes(),
          node -> {
            Optional<String> value = path.in(result.nodes().get(node.name()));
            return value.equals(config.is())
                ? Optional.empty()
                : Optional.of(value.map(v -> "is \"" + v + "\"").orElse("is absent"));
          });
    } else if (expectation instanceof Expectation.Unchanged unchanged) {
      return offenders(
          unchanged.nodes(),
          node -> node.writes() == 0 ? Optional.empty() : Optional.of(writes(node)));
    } else if (expectation instanceof Expectation.Warm warm) {
      return offenders(warm.nodes(), node -> late(node, warm.within()));
    } else if (expectation instanceof Expectation.MarksLost lost) {
      int sum = nodes(lost.nodes()).stream().mapToInt(NodeHistory::marksLost).sum();
      return sum <= lost.atMost()
          ? Optional.empty()
          : offenders(
                  lost.nodes(),
                  node -> node.marksLost() == 0 ? Optional.empty() : Optional.of("lost its mark"))
              .map(clause -> sum + " are lost; " + clause);
    } else if (expectation instanceof Expectation.WritesPerNode writes) {
      return offenders(
          writes.nodes(),
          node -> node.writes() <= writes.atMost() ? Optional.empty() : Optional.of(writes(node)));
    }
    return result.warnings().stream()
        .findFirst()
        .map(w -> result.warnings().size() + " kinds, first " + w.type() + ": " + w.message());
  }

  private static String writes(NodeHistory node) {
    return "is written " + node.writes() + (node.writes() == 1 ? " time" : " times");
  }

  private Optional<String> late(NodeHistory node, Duration within) {
    Optional<Duration> took = node.warmUp(result.start());
    if (took.isPresent()) {
      return took.get().compareTo(within) <= 0
          ? Optional.empty()
          : Optional.of("after " + Durations.text(took.get()));
    }
    return isWarm(node) ? Optional.empty() : Optional.of("is not warm" + why(node));
  }

  private boolean isWarm(NodeHistory node) {
    return "true".equals(labels(node).get(Keys.WARMED_UP));
  }

  private String why(NodeHistory node) {
    JsonObject condition =
        FleetJson.condition(result.nodes().get(node.name()), Keys.WARMED_UP_CONDITION);
    String message = FleetJson.text(condition, "message");
    return message.isEmpty() ? "" : ": " + message;
  }

  private Map<String, String> labels(NodeHistory node) {
    return FleetJson.strings(result.nodes().get(node.name()), "metadata", "labels");
  }

  private List<NodeHistory> nodes(Nodes wanted) {
    LabelSelector selector = LabelSelector.parse(wanted.selector());
    return result.run().nodes().stream()
        .filter(node -> result.nodes().containsKey(node.name()))
        .filter(node -> wanted.node().isEmpty() || wanted.node().equals(node.name()))
        .filter(node -> !wanted.onlyNew() || node.isNew())
        .filter(node -> selector.matches(labels(node)))
        .toList();
  }

  /** An expectation about no node at all is a mistake in it, so it fails. */
  private Optional<String> offenders(Nodes wanted, Function<NodeHistory, Optional<String>> wrong) {
    List<NodeHistory> all = nodes(wanted);
    if (all.isEmpty()) {
      return Optional.of("there is no such node");
    }
    List<String> offenders =
        all.stream()
            .flatMap(node -> wrong.apply(node).map(why -> node.name() + " " + why).stream())
            .toList();
    if (offenders.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        offenders.size()
            + " of "
            + all.size()
            + " are not so: "
            + String.join("; ", offenders.stream().limit(EXAMPLES).toList()));
  }
}
