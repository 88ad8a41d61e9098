// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.LabelSelector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Policies from NodeReadinessRules ({@code readiness.node.x-k8s.io}). A node may wait for several
 * rules, but takes {@code warmUp} from one policy: rules that select the same nodes in the same way
 * become one policy.
 */
final class ReadinessRules {
  static final String KIND = "NodeReadinessRule";
  private static final String API_VERSION = "readiness.node.x-k8s.io/v1alpha1";
  private static final Pattern TAINT_KEY =
      Pattern.compile("readiness\\.k8s\\.io/(?=.{1,63}$)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

  private final List<String> problems;

  ReadinessRules(List<String> problems) {
    this.problems = problems;
  }

  /** The nodes of a rule, and its treatment of them. */
  private record Scope(LabelSelector selector, boolean continuous, boolean dryRun) {}

  /**
   * A rule that has been read.
   *
   * @param conditions by type, the status that the condition must have
   */
  private record Rule(
      String name,
      String where,
      Scope scope,
      String taintKey,
      Map<String, String> conditions,
      List<String> comments) {}

  List<ImportedPolicy> policies(List<SourceDocument> documents) {
    Map<Scope, List<Rule>> byScope = new LinkedHashMap<>();
    for (SourceDocument document : documents) {
      Rule rule = rule(document);
      byScope.computeIfAbsent(rule.scope(), scope -> new ArrayList<>()).add(rule);
    }
    List<ImportedPolicy> policies = new ArrayList<>();
    byScope.forEach((scope, rules) -> policies.add(policy(scope, rules)));
    return policies;
  }

  private Rule rule(SourceDocument document) {
    SourceFields root = new SourceFields(document.where(), "", document.object(), problems);
    if (!API_VERSION.equals(root.required("apiVersion"))) {
      root.problem("apiVersion", "must be " + API_VERSION);
    }
    String name =
        root.child("metadata")
            .map(metadata -> metadata.required("name"))
            .orElseGet(
                () -> {
                  root.problem("metadata.name", "is missing");
                  return "";
                });
    List<String> comments = new ArrayList<>();
    SourceFields spec =
        root.child("spec")
            .orElseGet(
                () -> new SourceFields(document.where(), "spec", new JsonObject(), problems));
    boolean continuous =
        spec.requiredChoice("enforcementMode", "bootstrap-only", "continuous").equals("continuous");
    boolean dryRun = spec.bool("dryRun");
    Map<String, String> conditions = conditions(spec, comments);
    String taintKey = taintKey(spec, comments);
    if (!spec.has("nodeSelector")) {
      spec.problem("nodeSelector", "is missing");
    }
    LabelSelector selector =
        spec.child("nodeSelector").map(SourceFields::selector).orElse(LabelSelector.EVERYTHING);
    spec.unread().forEach(field -> comments.add(field + " is not known, and is left out."));
    return new Rule(
        name,
        document.where(),
        new Scope(selector, continuous, dryRun),
        taintKey,
        conditions,
        comments);
  }

  private static Map<String, String> conditions(SourceFields spec, List<String> comments) {
    Map<String, String> conditions = new LinkedHashMap<>();
    List<SourceFields> all = spec.children("conditions");
    if (all.isEmpty()) {
      spec.problem("conditions", "is empty; a rule needs a condition");
    }
    for (SourceFields condition : all) {
      String type = condition.required("type");
      String status = condition.requiredChoice("requiredStatus", "True", "False", "Unknown");
      condition
          .choice("defaultStatus", "True", "False", "Unknown")
          .ifPresent(
              value ->
                  comments.add(
                      condition.path("defaultStatus")
                          + " \""
                          + value
                          + "\" has no counterpart: a node without the condition "
                          + type
                          + " waits"
                          + (value.equals(status) ? ", which it did not do before." : ".")));
      condition.unread().forEach(f -> comments.add(f + " is not known, and is left out."));
      if (conditions.put(type, status) != null) {
        condition.problem("type", "is \"" + type + "\", which another condition has, too");
      }
    }
    boolean isAny = spec.choice("conditionPolicy", "allOf", "anyOf").orElse("").equals("anyOf");
    if (isAny && all.size() > 1) {
      comments.add(
          "spec.conditionPolicy \"anyOf\" has no counterpart: the node waits for all of the "
              + all.size()
              + " conditions.");
    }
    return conditions;
  }

  private static String taintKey(SourceFields spec, List<String> comments) {
    if (!spec.has("taint")) {
      spec.problem("taint", "is missing");
    }
    return spec.child("taint")
        .map(
            taint -> {
              String key = taint.required("key");
              if (!key.isEmpty() && !TAINT_KEY.matcher(key).matches()) {
                taint.problem(
                    "key",
                    "is \""
                        + key
                        + "\", but must be readiness.k8s.io/ and a name of at most 63 letters, digits, -, _"
                        + " and ., without a further slash");
              }
              String effect =
                  taint.requiredChoice("effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
              if (!effect.isEmpty() && !effect.equals(Keys.STARTUP_TAINT_EFFECT)) {
                comments.add(
                    "spec.taint.effect \""
                        + effect
                        + "\" has no counterpart: the startup taint has the effect NoSchedule.");
              }
              taint
                  .text("value")
                  .filter(value -> !value.isEmpty())
                  .ifPresent(
                      value ->
                          comments.add(
                              "spec.taint.value \""
                                  + value
                                  + "\" has no counterpart: the startup taint is set without a value,"
                                  + " and removed with any."));
              taint.ignore("timeAdded");
              return key;
            })
        .orElse("");
  }

  private static ImportedPolicy policy(Scope scope, List<Rule> rules) {
    Rule first = rules.get(0);
    List<String> comments = new ArrayList<>();
    Set<Map<String, String>> gates = new LinkedHashSet<>();
    for (Rule rule : rules) {
      String prefix = rules.size() > 1 ? rule.name() + ": " : "";
      rule.comments().forEach(comment -> comments.add(prefix + comment));
      if (rule != first && !rule.taintKey().equals(first.taintKey())) {
        comments.add(
            prefix
                + "spec.taint.key \""
                + rule.taintKey()
                + "\" has no counterpart: a node has one startup taint, that of "
                + first.name()
                + ", and waits with it for the conditions of both rules.");
      }
      rule.conditions().forEach((type, status) -> gates.add(gate(type, status)));
    }
    Map<String, Object> warmUp = new LinkedHashMap<>();
    warmUp.put("taintKey", first.taintKey());
    warmUp.put("taintNewNodes", true);
    if (scope.continuous()) {
      warmUp.put("mode", "Continuous");
    }
    warmUp.put("conditions", List.copyOf(gates));
    Map<String, Object> spec = new LinkedHashMap<>();
    if (scope.dryRun()) {
      spec.put("dryRun", true);
      comments.add("spec.dryRun: the status reports the effect, and the nodes stay as they are.");
    }
    spec.put("warmUp", warmUp);
    return new ImportedPolicy(
        first.name(),
        rules.stream().map(rule -> rule.where() + ": " + KIND + " " + rule.name()).toList(),
        scope.selector(),
        spec,
        comments);
  }

  private static Map<String, String> gate(String type, String status) {
    Map<String, String> gate = new LinkedHashMap<>();
    gate.put("type", type);
    if (!status.equals("True")) {
      gate.put("status", status);
    }
    return gate;
  }
}
