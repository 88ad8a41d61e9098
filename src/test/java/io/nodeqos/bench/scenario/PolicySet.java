// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.bench.fleet.Crew;
import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.NodeTemplate;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.e2e.rig.Api;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many policies for one fleet. The first is for all nodes and sets all sections. Each other one is
 * for three of the parts of the fleet, has a priority of its own, and sets one section: the quota
 * or the reservation. So the more policies there are, the more of them select a node, and the fewer
 * of these win a section of it.
 */
public final class PolicySet {
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final int PARTS = 47;
  private static final int PARTS_OF_ONE = 3;
  private static final int THREADS = 8;

  private final Api admin;
  private final int size;

  private PolicySet(Api admin, int size) {
    this.admin = admin;
    this.size = size;
  }

  /** The values of the label of the nodes. */
  static List<String> parts() {
    return IntStream.range(0, PARTS).mapToObj(PolicySet::part).toList();
  }

  /** Creates so many. */
  static PolicySet create(Rig rig, int size) throws InterruptedException {
    PolicySet set = new PolicySet(rig.admin(), size);
    AtomicInteger done = new AtomicInteger();
    rig.progress().step("creating policies", () -> done.get() + "/" + size);
    Crew.each(THREADS, 0, size, done, number -> set.create(number));
    return set;
  }

  int size() {
    return size;
  }

  private static String part(int number) {
    return "part-" + number;
  }

  private static String name(int number) {
    return String.format(Locale.ROOT, "policy-%03d", number);
  }

  private static boolean setsQuota(int number) {
    return number % 2 == 1;
  }

  /** The parts for which a policy is; not of the first one. */
  private static List<String> partsOf(int number) {
    return IntStream.range(0, PARTS_OF_ONE)
        .mapToObj(turn -> part((number * (turn + 1) + 7 * turn) % PARTS))
        .distinct()
        .toList();
  }

  private void create(int number) {
    String selector =
        number == 0
            ? "{\"key\": \"%s\", \"operator\": \"Exists\"}".formatted(NodeTemplate.GROUP)
            : "{\"key\": \"%s\", \"operator\": \"In\", \"values\": [%s]}"
                .formatted(
                    NodeTemplate.GROUP,
                    partsOf(number).stream()
                        .map(part -> "\"" + part + "\"")
                        .collect(Collectors.joining(", ")));
    String reservation = "\"reservation\": {\"cpu\": \"%dm\"}".formatted(200 + 50 * (number % 20));
    String warmUp =
        "\"warmUp\": {\"taintKey\": \"%s\", \"nodeReady\": {}}".formatted(NodeTemplate.TAINT);
    String sections =
        number == 0
            ? String.join(", ", quota(number), reservation, warmUp)
            : setsQuota(number) ? quota(number) : reservation;
    admin
        .post(
            POLICIES,
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%s"},
             "spec": {"priority": %d, "nodeSelector": {"matchExpressions": [%s]}, %s}}"""
                .formatted(name(number), number, selector, sections))
        .succeeded();
  }

  private static String quota(int weight) {
    return """
        "quota": {"classes": [
          {"name": "gold", "cpu": {"weight": %d, "max": "80%%"},
           "memory": {"high": "60%%", "max": "70%%"},
           "advertise": {"cpu": "50%%", "memory": "50%%"}}]}"""
        .formatted(weight + 1);
  }

  /** Changes the quota of a policy, one write for each node that it wins. */
  void change(int number, int weight) {
    admin.merge(POLICIES + "/" + name(number), "{\"spec\": {" + quota(weight) + "}}").succeeded();
  }

  /** The policy with the highest priority of those with a quota; it wins each node it selects. */
  int winner() {
    return size == 1 ? 0 : size % 2 == 0 ? size - 1 : size - 2;
  }

  /** A policy that sets a quota and wins it on no node. */
  OptionalInt loser() {
    List<Integer> winners = List.copyOf(winners().values());
    return IntStream.range(1, size)
        .filter(PolicySet::setsQuota)
        .filter(number -> !winners.contains(number))
        .findFirst();
  }

  /** How many nodes have the quota of a policy. */
  int nodesOf(int number, Fleet fleet) {
    Map<String, Integer> winners = winners();
    return (int)
        IntStream.range(0, fleet.size())
            .filter(node -> winners.get(fleet.label(node)) == number)
            .count();
  }

  /** By part. */
  private Map<String, Integer> winners() {
    Map<String, Integer> winners = new LinkedHashMap<>();
    parts().forEach(part -> winners.put(part, 0));
    for (int number = 1; number < size; number++) {
      if (setsQuota(number)) {
        for (String part : partsOf(number)) {
          winners.put(part, number);
        }
      }
    }
    return winners;
  }

  /** Policies whose status does not say that all nodes are as the newest version wants them. */
  List<String> unready() {
    List<String> names = new ArrayList<>();
    for (JsonElement item :
        admin.get(POLICIES).succeeded().json().getAsJsonArray("items").asList()) {
      JsonObject policy = item.getAsJsonObject();
      JsonObject metadata = policy.getAsJsonObject("metadata");
      if (!isReady(policy.getAsJsonObject("status"), metadata.get("generation").getAsLong())) {
        names.add(metadata.get("name").getAsString());
      }
    }
    return names;
  }

  private static boolean isReady(JsonObject status, long generation) {
    if (status.get("observedGeneration").getAsLong() != generation) {
      return false;
    }
    for (JsonElement item : status.getAsJsonArray("conditions")) {
      JsonObject condition = item.getAsJsonObject();
      if (condition.get("type").getAsString().equals("Ready")) {
        return condition.get("status").getAsString().equals("True");
      }
    }
    return false;
  }
}
