// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Imported policies as YAML documents, with comments. */
final class PolicyYaml {
  private static final Gson GSON = new Gson();
  private static final int WIDTH = 110;

  private PolicyYaml() {}

  static String of(List<ImportedPolicy> policies) {
    List<String> documents = new ArrayList<>();
    policies.forEach(policy -> documents.add(document(policy)));
    return String.join("---\n", documents);
  }

  private static String document(ImportedPolicy policy) {
    StringBuilder text = new StringBuilder();
    policy.origins().forEach(origin -> comment(text, "From " + origin, "  "));
    if (policy.isEmpty()) {
      comment(text, "No policy comes from it", "  ");
    }
    policy.comments().forEach(sentence -> comment(text, "- " + sentence, "  "));
    if (!policy.isEmpty()) {
      text.append(yaml().dump(object(policy)));
    }
    return text.toString();
  }

  /** For each import its policy, if there is one, its origins and its comments. */
  static JsonArray json(List<ImportedPolicy> policies) {
    JsonArray all = new JsonArray();
    for (ImportedPolicy policy : policies) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("from", policy.origins());
      one.put("comments", policy.comments());
      if (!policy.isEmpty()) {
        one.put("policy", object(policy));
      }
      all.add(GSON.toJsonTree(one));
    }
    return all;
  }

  private static Map<String, Object> object(ImportedPolicy policy) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("apiVersion", Keys.GROUP + "/" + Keys.API_VERSION);
    object.put("kind", "NodeQoSPolicy");
    object.put("metadata", Map.of("name", policy.name()));
    object.put("spec", fields(policy));
    return object;
  }

  /** The spec of a policy, for a decoder. */
  static JsonObject spec(ImportedPolicy policy) {
    return GSON.toJsonTree(fields(policy)).getAsJsonObject();
  }

  private static Map<String, Object> fields(ImportedPolicy policy) {
    Map<String, Object> spec = new LinkedHashMap<>();
    if (policy.spec().containsKey("priority")) {
      spec.put("priority", policy.spec().get("priority"));
    }
    if (!policy.selector().equals(LabelSelector.EVERYTHING)) {
      spec.put("nodeSelector", selector(policy.selector()));
    }
    spec.putAll(policy.spec());
    return spec;
  }

  /** The fields of a selector, in a fixed order. */
  static Map<String, Object> selector(LabelSelector selector) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (!selector.matchLabels().isEmpty()) {
      fields.put("matchLabels", new TreeMap<>(selector.matchLabels()));
    }
    if (!selector.matchExpressions().isEmpty()) {
      fields.put(
          "matchExpressions",
          selector.matchExpressions().stream().map(PolicyYaml::expression).toList());
    }
    return fields;
  }

  private static Map<String, Object> expression(Requirement requirement) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("key", requirement.key());
    fields.put(
        "operator",
        switch (requirement.operator()) {
          case IN -> "In";
          case NOT_IN -> "NotIn";
          case DOES_NOT_EXIST -> "DoesNotExist";
          default -> "Exists";
        });
    if (!requirement.values().isEmpty()) {
      fields.put("values", requirement.values());
    }
    return fields;
  }

  private static Yaml yaml() {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndicatorIndent(2);
    options.setIndentWithIndicator(true);
    options.setSplitLines(false);
    return new Yaml(options);
  }

  /** Wraps a sentence. A value in it must not end the comment, whatever it contains. */
  private static void comment(StringBuilder text, String sentence, String indent) {
    StringBuilder line = new StringBuilder("#");
    String before = " ";
    String end = sentence.endsWith(".") ? "" : ".";
    for (String word :
        (sentence.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]+", " ") + end)
            .split(" +")) {
      if (line.length() + before.length() + word.length() > WIDTH && line.length() > 1) {
        text.append(line).append('\n');
        line = new StringBuilder("#");
        before = " " + indent;
      }
      line.append(before).append(word);
      before = " ";
    }
    text.append(line).append('\n');
  }
}
