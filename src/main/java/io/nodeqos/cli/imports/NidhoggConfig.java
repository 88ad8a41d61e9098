// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A policy from the configuration of nidhogg, which keeps tenants off nodes without Ready pods of
 * some DaemonSets. It names the DaemonSets, and a gate selects pods by labels: the labels come from
 * the DaemonSets, when they are among the files.
 */
final class NidhoggConfig {
  static final String DAEMON_SETS = "daemonsets";
  private static final String DEFAULT_PREFIX = "nidhogg.uswitch.com";

  private final List<SourceDocument> daemonSets;
  private final List<String> problems;

  /**
   * @param daemonSets the DaemonSets among the files
   */
  NidhoggConfig(List<SourceDocument> daemonSets, List<String> problems) {
    this.daemonSets = List.copyOf(daemonSets);
    this.problems = problems;
  }

  /**
   * @param path of the configuration in its document; empty when it is the document
   */
  ImportedPolicy policy(String name, SourceDocument document, String path, JsonObject config) {
    SourceFields fields = new SourceFields(document.where(), path, config, problems);
    List<String> comments = new ArrayList<>();
    LabelSelector selector = selector(fields);
    Map<String, Object> warmUp = new LinkedHashMap<>();
    warmUp.put("taintNewNodes", true);
    warmUp.put("mode", "Continuous");
    fields
        .number("taintRemovalDelayInSeconds")
        .filter(seconds -> seconds > 0)
        .ifPresent(seconds -> warmUp.put("stableFor", seconds + "s"));
    warmUp.put(
        "reservedPods",
        gates(fields, fields.text("taintNamePrefix").orElse(DEFAULT_PREFIX), comments));
    fields.unread().forEach(field -> comments.add(field + " is not known, and is left out."));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("warmUp", warmUp);
    return new ImportedPolicy(
        name, List.of(document.where() + ": configuration of nidhogg"), selector, spec, comments);
  }

  /** A map of labels, or a list of selectors as text, which a fork has. */
  private static LabelSelector selector(SourceFields fields) {
    if (!fields.isList("nodeSelector")) {
      return new LabelSelector(fields.textMap("nodeSelector"), List.of());
    }
    List<Requirement> all = new ArrayList<>();
    List<String> texts = fields.texts("nodeSelector");
    for (int i = 0; i < texts.size(); i++) {
      Optional<List<Requirement>> parsed = SelectorText.parse(texts.get(i));
      if (parsed.isEmpty()) {
        fields.problem(
            "nodeSelector[" + i + "]",
            "is \""
                + texts.get(i)
                + "\", but must be a selector such as pool=gpu, pool!=gpu, pool in (a, b), pool notin (a),"
                + " pool or !pool");
      }
      all.addAll(parsed.orElse(List.of()));
    }
    return new LabelSelector(Map.of(), all);
  }

  private List<Map<String, Object>> gates(
      SourceFields fields, String prefix, List<String> comments) {
    List<SourceFields> all = fields.children(DAEMON_SETS);
    if (all.isEmpty()) {
      fields.problem(DAEMON_SETS, "is empty; there is nothing to wait for");
    }
    Set<Map<String, Object>> gates = new LinkedHashSet<>();
    for (SourceFields one : all) {
      String name = one.required("name");
      String namespace = one.required("namespace");
      one.unread().forEach(field -> comments.add(field + " is not known, and is left out."));
      Map<String, Object> gate = new LinkedHashMap<>();
      gate.put("namespace", namespace);
      Optional<LabelSelector> pods = podsOf(name, namespace);
      if (pods.isPresent()) {
        gate.put("selector", PolicyYaml.selector(pods.get()));
      } else {
        comments.add(
            "The labels of the pods of DaemonSet "
                + namespace
                + "/"
                + name
                + " are not known, so the node waits for all pods of the namespace. Give the"
                + " DaemonSet as a further file: kubectl get daemonset -n "
                + namespace
                + " "
                + name
                + " -o yaml.");
      }
      gates.add(gate);
      comments.add(
          "The taint "
              + prefix
              + "/"
              + namespace
              + "."
              + name
              + " has no counterpart: a node has one startup taint, "
              + Keys.STARTUP_TAINT
              + ", which the DaemonSets must tolerate.");
    }
    gates.stream()
        .map(gate -> gate.get("namespace"))
        .distinct()
        .filter(namespace -> !namespace.equals("kube-system"))
        .forEach(
            namespace ->
                comments.add(
                    "The namespace "
                        + namespace
                        + " must be reserved: kubectl label namespace "
                        + namespace
                        + " "
                        + Keys.RESERVED
                        + "=true."));
    return List.copyOf(gates);
  }

  private Optional<LabelSelector> podsOf(String name, String namespace) {
    return daemonSets.stream()
        .filter(ds -> ds.name().equals(name) && ds.namespace().equals(namespace))
        .findFirst()
        .flatMap(ds -> new SourceFields(ds.where(), "", ds.object(), problems).child("spec"))
        .flatMap(spec -> spec.child("selector"))
        .map(SourceFields::selector);
  }
}
