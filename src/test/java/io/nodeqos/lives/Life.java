// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.sim.fleet.FleetJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A life: its steps, and what must hold at its end. */
record Life(long seed, List<LifeStep> steps) {
  static Life of(long seed) {
    return new Life(seed, LifeDice.steps(seed));
  }

  /** Fails when something does not hold. */
  void live(JsonObject crd) {
    LifeCluster cluster = LifeCluster.begin(crd);
    steps.forEach(cluster::step);
    cluster.calm();
    cluster.settle();
    cluster.quiet();
    Set<String> invalid = cluster.authors().lastValid().keySet();
    Map<String, String> end = cluster.state(invalid);
    cluster.failOverInQuiet();
    LifeCluster fresh = cluster.untouched();
    fresh.settle();
    assertSame(fresh.state(invalid), end, "a fresh controller comes to another state");
    wayBack(cluster, end);
  }

  private void wayBack(LifeCluster cluster, Map<String, String> end) {
    List<JsonObject> policies =
        cluster.authors().policies().stream()
            .filter(
                p ->
                    !cluster
                        .authors()
                        .lastValid()
                        .containsKey(FleetJson.text(p, "metadata", "uid")))
            .toList();
    if (policies.isEmpty()) {
      return;
    }
    Random random = new Random(seed);
    JsonObject policy = policies.get(random.nextInt(policies.size()));
    JsonObject other =
        JsonParser.parseString(new SpecDice(random, LifeDice.keeps(seed)).spec()).getAsJsonObject();
    other.remove("suspend");
    String name = FleetJson.name(policy);
    cluster.authors().apply(name, other);
    cluster.authors().mend();
    cluster.settle();
    cluster.authors().apply(name, policy.getAsJsonObject("spec"));
    cluster.settle();
    assertSame(
        comparable(end, end),
        comparable(cluster.state(cluster.authors().lastValid().keySet()), end),
        "after " + name + " had " + other + ", the way back leads elsewhere");
  }

  /**
   * Without generations, and without those startup taints on warm and unmanaged nodes that were
   * there before: another writer may have put them on, and a policy that names their key in between
   * removes them for good.
   */
  private static Map<String, String> comparable(
      Map<String, String> state, Map<String, String> before) {
    Map<String, String> all = new TreeMap<>(state);
    all.replaceAll((key, text) -> text.replaceAll("(\"(observedG|g)eneration\":)[0-9]+", "$1?"));
    for (String key : state.keySet()) {
      if (key.startsWith(OwnState.TAINTS)
          && !state.get(key.replace(OwnState.TAINTS, OwnState.CONDITION)).startsWith("False")) {
        List<String> added = new ArrayList<>(taints(state.get(key)));
        added.removeAll(taints(before.getOrDefault(key, "")));
        all.put(key, added.toString());
      }
    }
    return all;
  }

  private static List<String> taints(String text) {
    return List.of(text.split("[\\[\\], ]+"));
  }

  private static void assertSame(
      Map<String, String> expected, Map<String, String> actual, String message) {
    TreeSet<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(actual.keySet());
    String differences =
        keys.stream()
            .filter(k -> !expected.getOrDefault(k, "").equals(actual.getOrDefault(k, "")))
            .map(k -> k + "\n  expected " + expected.get(k) + "\n  but is   " + actual.get(k))
            .collect(Collectors.joining("\n"));
    assertEquals("", differences, message);
  }

  @Override
  public String toString() {
    return "seed " + seed + steps.stream().map(s -> "\n  " + s).collect(Collectors.joining());
  }
}
