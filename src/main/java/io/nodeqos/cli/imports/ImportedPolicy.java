// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import io.nodeqos.node.value.LabelSelector;
import java.util.List;
import java.util.Map;

/**
 * A policy that comes from the configuration of another controller.
 *
 * @param origins the documents that it comes from
 * @param selector of nodes
 * @param spec the other fields, in the order in which they are printed; empty when there is nothing
 *     to print but comments
 * @param comments one sentence for each thing that has no counterpart
 */
record ImportedPolicy(
    String name,
    List<String> origins,
    LabelSelector selector,
    Map<String, Object> spec,
    List<String> comments) {

  ImportedPolicy {
    origins = List.copyOf(origins);
    comments = List.copyOf(comments);
  }

  boolean isEmpty() {
    return spec.isEmpty();
  }

  ImportedPolicy named(String other) {
    return new ImportedPolicy(other, origins, selector, spec, comments);
  }

  ImportedPolicy withComments(List<String> all) {
    return new ImportedPolicy(name, origins, selector, spec, all);
  }
}
