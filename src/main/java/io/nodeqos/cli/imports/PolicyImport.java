// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.preview.edit.DocumentTexts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Policies from the configuration of node-readiness-controller, nidhogg or Koordinator. Immutable.
 *
 * @param yaml the policies with comments; empty when there are problems
 * @param policies the same as objects, each with {@code from} and {@code comments}
 * @param problems one sentence for each mistake, without a full stop at its end
 */
public record PolicyImport(String yaml, JsonArray policies, List<String> problems) {
  private static final String EXPECTED =
      "a NodeReadinessRule, a configuration of nidhogg (also in a ConfigMap), Koordinator's ConfigMap"
          + " slo-controller-config, or a DaemonSet that nidhogg waits for";

  public PolicyImport {
    problems = List.copyOf(problems);
  }

  /** Never throws: each mistake is a sentence. */
  public static PolicyImport of(List<ImportFile> files) {
    List<String> problems = new ArrayList<>();
    List<SourceDocument> documents = new ArrayList<>();
    for (ImportFile file : files) {
      int before = problems.size();
      List<SourceDocument> read = new DocumentReader(problems).read(file);
      if (read.isEmpty() && problems.size() == before) {
        problems.add(file.name() + " is empty; expected is " + EXPECTED);
      }
      documents.addAll(read);
    }
    List<ImportedPolicy> policies = named(policies(documents, problems));
    policies.forEach(policy -> check(policy, problems));
    if (!problems.isEmpty()) {
      return new PolicyImport("", new JsonArray(), problems);
    }
    List<ImportedPolicy> all = withOverlaps(policies);
    return new PolicyImport(PolicyYaml.of(all), PolicyYaml.json(all), List.of());
  }

  private static List<ImportedPolicy> policies(
      List<SourceDocument> documents, List<String> problems) {
    List<SourceDocument> daemonSets =
        documents.stream().filter(d -> d.kind().equals("DaemonSet")).toList();
    List<SourceDocument> rules =
        documents.stream().filter(d -> d.kind().equals(ReadinessRules.KIND)).toList();
    List<ImportedPolicy> policies = new ArrayList<>(new ReadinessRules(problems).policies(rules));
    NidhoggConfig nidhogg = new NidhoggConfig(daemonSets, problems);
    boolean hasNidhogg = false;
    for (SourceDocument document : documents) {
      switch (document.kind()) {
        case ReadinessRules.KIND, "DaemonSet" -> {}
        case "ConfigMap" -> {
          List<ImportedPolicy> found = ofConfigMap(document, nidhogg, problems);
          hasNidhogg |= !found.isEmpty();
          policies.addAll(found);
        }
        case "" -> {
          if (document.object().has(NidhoggConfig.DAEMON_SETS)) {
            policies.add(nidhogg.policy("nidhogg", document, "", document.object()));
            hasNidhogg = true;
          } else {
            problems.add(
                document.where() + " has no kind and no daemonsets; expected is " + EXPECTED);
          }
        }
        default ->
            problems.add(
                document.where()
                    + ": kind is \""
                    + document.kind()
                    + "\", but must be "
                    + EXPECTED);
      }
    }
    if (!hasNidhogg && rules.isEmpty() && !daemonSets.isEmpty() && problems.isEmpty()) {
      problems.add(
          daemonSets.get(0).where() + " is a DaemonSet, but no configuration of nidhogg is given");
    }
    return policies;
  }

  private static List<ImportedPolicy> ofConfigMap(
      SourceDocument document, NidhoggConfig nidhogg, List<String> problems) {
    JsonElement found = document.object().get("data");
    JsonObject data =
        found != null && found.isJsonObject() ? found.getAsJsonObject() : new JsonObject();
    if (SloConfig.isOne(data)) {
      return new SloConfig(problems).policies(document, data);
    }
    List<ImportedPolicy> policies = new ArrayList<>();
    for (Map.Entry<String, JsonElement> entry : data.entrySet()) {
      if (entry.getValue().isJsonPrimitive()
          && entry.getValue().getAsString().contains(NidhoggConfig.DAEMON_SETS)) {
        String path = "data[" + entry.getKey() + "]";
        for (JsonElement config :
            new DocumentTexts(problems)
                .documents(document.where() + ": " + path, entry.getValue().getAsString())) {
          if (config.isJsonObject()) {
            policies.add(nidhogg.policy("nidhogg", document, path, config.getAsJsonObject()));
          } else {
            problems.add(document.where() + ": " + path + " must be an object");
          }
        }
      }
    }
    if (policies.isEmpty() && problems.isEmpty()) {
      problems.add(
          document.where()
              + ": ConfigMap "
              + document.name()
              + " has neither a configuration of nidhogg nor one of Koordinator");
    }
    return policies;
  }

  private static List<ImportedPolicy> named(List<ImportedPolicy> policies) {
    PolicyNames names = new PolicyNames();
    List<ImportedPolicy> named = new ArrayList<>();
    for (ImportedPolicy policy : policies) {
      String name = policy.isEmpty() ? policy.name() : names.of(policy.name());
      List<String> comments = new ArrayList<>(policy.comments());
      if (!name.equals(policy.name())) {
        comments.add(
            "The name \""
                + policy.name()
                + "\" is taken or not allowed for a policy, which is a DNS label of at most 40 characters: it becomes "
                + name
                + ".");
      }
      named.add(policy.named(name).withComments(comments));
    }
    return named;
  }

  /** A mistake that only the product finds, such as a selector that it does not allow. */
  private static void check(ImportedPolicy policy, List<String> problems) {
    if (policy.isEmpty() || !problems.isEmpty()) {
      return;
    }
    Decoded decoded =
        new PolicyDecoder()
            .decode(
                new PolicyObject(
                    new PolicyObject.Meta(
                        policy.name(), "", "", 1, Instant.EPOCH, false, List.of()),
                    PolicyYaml.spec(policy),
                    new JsonObject()));
    if (decoded instanceof Decoded.Invalid invalid) {
      invalid
          .problems()
          .forEach(
              problem ->
                  problems.add(policy.origins().get(0) + " cannot be a NodeQoSPolicy: " + problem));
    }
  }

  /** Nodes take warmUp whole from one policy. */
  private static List<ImportedPolicy> withOverlaps(List<ImportedPolicy> policies) {
    List<ImportedPolicy> all = new ArrayList<>();
    for (ImportedPolicy policy : policies) {
      List<String> others =
          all.stream()
              .filter(p -> p.spec().containsKey("warmUp") && policy.spec().containsKey("warmUp"))
              .filter(p -> SelectorOverlap.mayBe(p.selector(), policy.selector()))
              .map(ImportedPolicy::name)
              .toList();
      List<String> comments = new ArrayList<>(policy.comments());
      if (!others.isEmpty()) {
        comments.add(
            "A node that "
                + String.join(", ", Set.copyOf(others).stream().sorted().toList())
                + " selects, too, takes warmUp from one policy: from that with the higher spec.priority,"
                + " else from the older one. Combine their gates, or make the selectors exclude each other.");
      }
      all.add(policy.withComments(comments));
    }
    return all;
  }
}
