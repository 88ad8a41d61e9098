// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Another writer that changes what the controller has written on a node. */
final class OtherWriter {
  private static final String OTHER_VERSION = "other version";
  private static final String NO_CONFIGURATION = "no configuration";

  /** Merge patches of the Node, and those of its status. */
  private static final Map<String, String> PATCHES =
      Map.of(
          "no mark",
          "{'metadata': {'labels': {'nodeqos.io/warmed-up': null}}}",
          OTHER_VERSION,
          "{'metadata': {'labels': {'nodeqos.io/config-version': '0123456789'}}}",
          NO_CONFIGURATION,
          "{'metadata': {'annotations': {'nodeqos.io/config': null}}}",
          "no evidence",
          "{'metadata': {'annotations': {'nodeqos.io/warmed-up-for': null}}}",
          "no images label",
          "{'metadata': {'labels': {'nodeqos.io/images': null}}}",
          "own label",
          "{'metadata': {'labels': {'example.com/theirs': '1'}}}");

  private static final String TAINT = "startup taint";
  private static final String NO_CONDITION = "no condition";

  private static final List<String> NAMES =
      Stream.concat(PATCHES.keySet().stream(), Stream.of(TAINT, NO_CONDITION)).sorted().toList();

  private final VirtualApi api;

  OtherWriter(VirtualApi api) {
    this.api = api;
  }

  /**
   * What it may change. A policy that says Remove cleans only nodes whose configuration names it,
   * so one that is taken away at that moment leaves the marks.
   */
  static List<String> changes(boolean keeps) {
    return NAMES.stream().filter(name -> keeps || !name.equals(NO_CONFIGURATION)).toList();
  }

  void change(String node, String what) {
    String path = CacheFeed.NODES + "/" + node;
    JsonObject now = api.get(path).body();
    if (what.equals(TAINT)) {
      taint(path, now);
    } else if (what.equals(NO_CONDITION)) {
      removeCondition(path, now);
    } else if (!what.equals(OTHER_VERSION)
        || FleetJson.strings(now, "metadata", "labels").containsKey(Keys.CONFIG_VERSION)) {
      api.patch(path, PatchType.MERGE, parse(PATCHES.get(what)));
    }
  }

  private void taint(String path, JsonObject node) {
    JsonArray taints = new JsonArray();
    for (JsonObject taint : FleetJson.objects(node, "spec", "taints")) {
      if (!FleetJson.text(taint, "key").equals(Keys.STARTUP_TAINT)) {
        taints.add(taint);
      }
    }
    taints.add(parse("{'key': '" + Keys.STARTUP_TAINT + "', 'effect': 'NoSchedule'}"));
    JsonObject patch = parse("{'spec': {}}");
    patch.getAsJsonObject("spec").add("taints", taints);
    api.patch(path, PatchType.MERGE, patch);
  }

  private void removeCondition(String path, JsonObject node) {
    JsonArray conditions = new JsonArray();
    for (JsonElement condition : node.getAsJsonObject("status").getAsJsonArray("conditions")) {
      if (!FleetJson.text(condition.getAsJsonObject(), "type").equals(Keys.WARMED_UP_CONDITION)) {
        conditions.add(condition);
      }
    }
    JsonObject patch = parse("{'status': {}}");
    patch.getAsJsonObject("status").add("conditions", conditions);
    api.patch(path + "/status", PatchType.MERGE, patch);
  }

  private static JsonObject parse(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }
}
