// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.sim.fleet.SimulatedPlacement.NodeFacts;
import io.nodeqos.sim.fleet.SimulatedPlacement.Taint;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedPlacementTest {

  private static final String PLAIN = "{}";

  @ParameterizedTest(name = "taint {0}:{1} and tolerations {2}: runs {3}, stays {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "x                              | NoSchedule       | []                     | false | true",
        "x                              | NoExecute        | []                     | false | false",
        "x                              | PreferNoSchedule | []                     | true  | true",
        "x                              | NoSchedule       | [{'operator':'Exists'}]| true  | true",
        "x                              | NoExecute        | [{'operator':'Exists'}]| true  | true",
        "x                              | NoSchedule       | [{'key':'x','operator':'Exists'}]|true|true",
        "x                              | NoSchedule       | [{'key':'y','operator':'Exists'}]|false|true",
        "x                              | NoSchedule       | [{'key':'x','value':'v'}]        |true|true",
        "x                              | NoSchedule       | [{'key':'x','value':'w'}]        |false|true",
        "x | NoExecute | [{'key':'x','operator':'Exists','effect':'NoSchedule'}] | false | false",
        "node.kubernetes.io/not-ready   | NoExecute        | []                     | true  | true",
        "node.kubernetes.io/not-ready   | NoSchedule       | []                     | false | true",
        "node.kubernetes.io/unschedulable| NoSchedule      | []                     | true  | true"
      })
  void tolerationsMatchThoseOfTheDaemonSetController(
      String key, String effect, String tolerations, boolean runs, boolean stays) {
    JsonObject daemonSet = daemonSet("{'tolerations': " + tolerations + "}");
    NodeFacts node = new NodeFacts("n", Map.of(), List.of(new Taint(key, "v", effect)));

    assertEquals(runs, SimulatedPlacement.shouldRun(daemonSet, node), "shouldRun");
    assertEquals(stays, SimulatedPlacement.mayStay(daemonSet, node), "mayStay");
  }

  @Test
  void nodeSelectorMustMatchWhole() {
    JsonObject daemonSet = daemonSet("{'nodeSelector': {'a': '1', 'b': '2'}}");

    assertTrue(SimulatedPlacement.shouldRun(daemonSet, node(Map.of("a", "1", "b", "2", "c", "3"))));
    assertFalse(SimulatedPlacement.shouldRun(daemonSet, node(Map.of("a", "1"))));
    assertFalse(SimulatedPlacement.mayStay(daemonSet, node(Map.of("a", "1", "b", "3"))));
  }

  @ParameterizedTest(name = "{0} on the labels a=1: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'key':'a','operator':'In','values':['1','2']}    | true",
        "{'key':'a','operator':'In','values':['2']}        | false",
        "{'key':'b','operator':'In','values':['1']}        | false",
        "{'key':'a','operator':'NotIn','values':['1']}     | false",
        "{'key':'b','operator':'NotIn','values':['1']}     | true",
        "{'key':'a','operator':'Exists'}                   | true",
        "{'key':'b','operator':'Exists'}                   | false",
        "{'key':'a','operator':'DoesNotExist'}             | false"
      })
  void requiredAffinityIsKept(String expression, boolean fits) {
    JsonObject daemonSet =
        daemonSet(
            "{'affinity': {'nodeAffinity': {'requiredDuringSchedulingIgnoredDuringExecution':"
                + "{'nodeSelectorTerms': [{'matchExpressions': ["
                + expression
                + "]}]}}}}");

    assertEquals(fits, SimulatedPlacement.shouldRun(daemonSet, node(Map.of("a", "1"))));
  }

  @Test
  void daemonSetWithoutConditionsRunsEverywhere() {
    assertTrue(SimulatedPlacement.shouldRun(daemonSet(PLAIN), node(Map.of())));
  }

  private static NodeFacts node(Map<String, String> labels) {
    return new NodeFacts("n", labels, List.of());
  }

  private static JsonObject daemonSet(String podSpec) {
    return JsonParser.parseString("{'spec': {'template': {'spec': " + podSpec + "}}}")
        .getAsJsonObject();
  }
}
