// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.preview.edit.DocumentTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Policies from Koordinator's ConfigMap {@code slo-controller-config}: one for the cluster, and one
 * for each selector of nodes whose quotas differ from that.
 */
final class SloConfig {
  private static final List<String> STRATEGIES =
      List.of(SloStrategy.COLOCATION, SloStrategy.THRESHOLD, SloStrategy.QOS);

  /** Keys of the ConfigMap that quotas express nothing of, each with the reason. */
  private static final Map<String, String> WITHOUT_COUNTERPART =
      Map.of(
          "cpu-burst-config", "bursts of CPU limits are the work of koordlet",
          "system-config", "settings of the kernel are the work of koordlet",
          "host-application-config", "processes outside of pods have no quota",
          "cpu-normalization-config", "the amounts of a node are those that its kubelet reports",
          "resource-amplification-config",
              "the amounts of a node are those that its kubelet reports");

  private final List<String> problems;

  SloConfig(List<String> problems) {
    this.problems = problems;
  }

  static boolean isOne(JsonObject data) {
    return data.keySet().stream()
        .anyMatch(key -> STRATEGIES.contains(key) || WITHOUT_COUNTERPART.containsKey(key));
  }

  /** Strategies of the nodes of one selector. */
  private record Group(String name, Map<String, SloStrategy> strategies) {}

  List<ImportedPolicy> policies(SourceDocument document, JsonObject data) {
    Set<String> comments = new LinkedHashSet<>();
    Map<String, SloStrategy> cluster = new LinkedHashMap<>();
    Map<LabelSelector, Group> groups = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : data.entrySet()) {
      String key = entry.getKey();
      Optional<SourceFields> config = config(document, key, entry.getValue());
      if (config.isEmpty()) {
        continue;
      }
      if (STRATEGIES.contains(key)) {
        // Of what is switched off nothing needs a counterpart; its mistakes are reported all the
        // same.
        boolean isOn = config.get().hasAnywhere("enable", "true");
        strategies(key, config.get(), cluster, groups, isOn ? comments : new LinkedHashSet<>());
      } else if (isInUse(config.get())) {
        comments.add(
            "data["
                + key
                + "] has no counterpart: "
                + WITHOUT_COUNTERPART.getOrDefault(key, "it is not known")
                + ".");
      }
    }
    return policies(document, cluster, groups, comments);
  }

  private Optional<SourceFields> config(SourceDocument document, String key, JsonElement value) {
    String path = "data[" + key + "]";
    if (!value.isJsonPrimitive()) {
      problems.add(document.where() + ": " + path + " must be a string");
      return Optional.empty();
    }
    if (value.getAsString().isBlank()) {
      return Optional.empty();
    }
    Optional<JsonElement> json =
        new DocumentTexts(problems).json(document.where() + ": " + path, value.getAsString());
    if (json.isPresent() && !json.get().isJsonObject()) {
      problems.add(document.where() + ": " + path + " must be an object");
    }
    return json.filter(JsonElement::isJsonObject)
        .map(o -> new SourceFields(document.where(), path, o.getAsJsonObject(), problems));
  }

  private void strategies(
      String key,
      SourceFields config,
      Map<String, SloStrategy> cluster,
      Map<LabelSelector, Group> groups,
      Set<String> comments) {
    SloStrategyReader reader = new SloStrategyReader(comments);
    boolean isFlat = key.equals(SloStrategy.COLOCATION);
    List<SourceFields> ofNodes = config.children(isFlat ? "nodeConfigs" : "nodeStrategies");
    Optional<SourceFields> ofCluster =
        isFlat ? Optional.of(config) : config.child("clusterStrategy");
    cluster.put(key, ofCluster.map(c -> reader.read(key, c)).orElse(new SloStrategy(Map.of())));
    if (!isFlat) {
      config.unread().forEach(f -> comments.add(f + " is not known, and is left out."));
    }
    for (SourceFields nodes : ofNodes) {
      String name = nodes.text("name").orElse("");
      Optional<LabelSelector> selector = nodes.child("nodeSelector").map(SourceFields::selector);
      SloStrategy strategy = reader.read(key, nodes);
      if (selector.isEmpty()) {
        comments.add(nodes.path("nodeSelector") + " is missing, so the strategy is for no node.");
      } else {
        Group group =
            groups.computeIfAbsent(selector.get(), s -> new Group(name, new LinkedHashMap<>()));
        if (group.strategies().putIfAbsent(key, strategy) != null) {
          nodes.problem("nodeSelector", "is that of an earlier strategy, too");
        }
      }
    }
  }

  private static List<ImportedPolicy> policies(
      SourceDocument document,
      Map<String, SloStrategy> cluster,
      Map<LabelSelector, Group> groups,
      Set<String> comments) {
    Map<String, Map<String, Object>> everywhere = effective(cluster, Map.of()).classes();
    List<ImportedPolicy> policies = new ArrayList<>();
    // Of the strategies that select a node Koordinator takes the first.
    int priority = groups.size();
    List<LabelSelector> selectors = new ArrayList<>();
    for (Map.Entry<LabelSelector, Group> entry : groups.entrySet()) {
      Group group = entry.getValue();
      Map<String, Map<String, Object>> classes = effective(cluster, group.strategies()).classes();
      if (!classes.equals(everywhere)) {
        String name = group.name().isEmpty() ? "nodes" : group.name();
        policies.add(
            policy(document, "koordinator-" + name, entry.getKey(), priority, classes)
                .withComments(overlaps(selectors, entry.getKey())));
        selectors.add(entry.getKey());
      }
      priority--;
    }
    List<String> all = new ArrayList<>(comments);
    if (policies.stream().anyMatch(p -> !p.isEmpty()) || !everywhere.isEmpty()) {
      all.add(
          "The extended resources are fixed shares of a node, and bear other names: pods ask for"
              + " nodeqos.io/batch-cpu instead of kubernetes.io/batch-cpu, and for"
              + " nodeqos.io/batch-memory instead of kubernetes.io/batch-memory.");
    }
    policies.add(
        0,
        (everywhere.isEmpty()
                ? new ImportedPolicy(
                    "koordinator", origin(document), LabelSelector.EVERYTHING, Map.of(), List.of())
                : policy(document, "koordinator", LabelSelector.EVERYTHING, 0, everywhere))
            .withComments(all));
    return policies;
  }

  private static List<String> overlaps(List<LabelSelector> earlier, LabelSelector selector) {
    return earlier.stream().anyMatch(e -> SelectorOverlap.mayBe(e, selector))
        ? List.of(
            "A node that an earlier policy selects, too, takes its quotas from that one alone:"
                + " strategies of different keys are not combined for it.")
        : List.of();
  }

  private static SloStrategy effective(
      Map<String, SloStrategy> cluster, Map<String, SloStrategy> nodes) {
    SloStrategy all = new SloStrategy(Map.of());
    for (String key : STRATEGIES) {
      SloStrategy none = new SloStrategy(Map.of());
      SloStrategy one = nodes.getOrDefault(key, none).over(cluster.getOrDefault(key, none));
      all = one.over(all);
    }
    return all;
  }

  private static ImportedPolicy policy(
      SourceDocument document,
      String name,
      LabelSelector selector,
      int priority,
      Map<String, Map<String, Object>> classes) {
    List<Map<String, Object>> list = new ArrayList<>();
    classes.forEach(
        (className, fields) -> {
          Map<String, Object> qosClass = new LinkedHashMap<>();
          qosClass.put("name", className);
          qosClass.putAll(fields);
          list.add(qosClass);
        });
    Map<String, Object> spec = new LinkedHashMap<>();
    if (priority != 0) {
      spec.put("priority", priority);
    }
    spec.put("quota", Map.of("classes", list));
    return new ImportedPolicy(name, origin(document), selector, spec, List.of());
  }

  private static List<String> origin(SourceDocument document) {
    return List.of(document.where() + ": ConfigMap " + document.name() + " of Koordinator");
  }

  /** False when all that it has is switched off. */
  private static boolean isInUse(SourceFields config) {
    return config.hasAnywhere("enable", "true") || !config.hasAnywhere("enable", "false");
  }
}
