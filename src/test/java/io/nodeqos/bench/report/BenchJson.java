// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results for machines. */
public final class BenchJson {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().serializeNulls().create();

  private BenchJson() {}

  /**
   * Renders them.
   *
   * @param failures why a scenario did not come to its end, by its name
   */
  public static String of(
      Machine machine,
      Instant at,
      boolean quick,
      Map<String, List<Sheet>> results,
      Map<String, String> failures) {
    JsonObject all = new JsonObject();
    all.addProperty("at", at.toString());
    all.addProperty("quick", quick);
    // All programs share them: API server, etcd, replicas, watcher and bare writer.
    all.add("machine", GSON.toJsonTree(machine));
    JsonArray scenarios = new JsonArray();
    results.forEach(
        (scenario, sheets) -> sheets.forEach(sheet -> scenarios.add(sheet(scenario, sheet))));
    all.add("results", scenarios);
    all.add("failures", GSON.toJsonTree(failures));
    return GSON.toJson(all) + "\n";
  }

  private static JsonObject sheet(String scenario, Sheet sheet) {
    JsonObject object = new JsonObject();
    object.addProperty("scenario", scenario);
    object.addProperty("setup", sheet.setup());
    object.addProperty("nodes", sheet.nodes());
    object.addProperty("replicas", sheet.replicas());
    object.add("loadBefore", GSON.toJsonTree(sheet.load()));
    sheet.ceilingRatio().ifPresent(ratio -> object.addProperty("ceilingRatio", ratio));
    JsonArray figures = new JsonArray();
    sheet.figures().forEach(figure -> figures.add(figure(figure)));
    object.add("figures", figures);
    JsonArray counts = new JsonArray();
    sheet.counts().forEach(count -> counts.add(count(count)));
    object.add("counts", counts);
    return object;
  }

  private static JsonObject figure(Figure figure) {
    JsonObject object = new JsonObject();
    object.addProperty("name", figure.name());
    if (Double.isFinite(figure.value())) {
      object.addProperty("value", figure.value());
    } else {
      object.add("value", JsonNull.INSTANCE);
    }
    object.addProperty("unit", figure.unit());
    object.addProperty("better", figure.better().name().toLowerCase(Locale.ROOT));
    figure
        .goal()
        .ifPresent(
            goal -> {
              object.addProperty("goal", goal.text(figure.unit()));
              object.addProperty("met", !figure.missed());
            });
    return object;
  }

  private static JsonObject count(Count count) {
    JsonObject object = new JsonObject();
    object.addProperty("name", count.name());
    object.addProperty("value", count.value());
    object.addProperty("expected", count.expected());
    object.addProperty("right", !count.wrong());
    return object;
  }
}
