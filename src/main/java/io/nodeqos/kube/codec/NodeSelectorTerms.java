// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.DaemonSetView.NodeSelectorTerm;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a NodeSelector, the required part of a node affinity. */
final class NodeSelectorTerms {
  private NodeSelectorTerms() {}

  /** Empty when there is no NodeSelector; one without terms matches no node. */
  static Optional<List<NodeSelectorTerm>> read(TolerantReader in) throws IOException {
    List<NodeSelectorTerm> terms = new ArrayList<>();
    boolean present =
        in.object(
            field -> {
              if (field.equals("nodeSelectorTerms")) {
                in.array(() -> terms.add(term(in)));
              } else {
                in.skip();
              }
            });
    return present ? Optional.of(List.copyOf(terms)) : Optional.empty();
  }

  private static NodeSelectorTerm term(TolerantReader in) throws IOException {
    List<Requirement> expressions = new ArrayList<>();
    List<Requirement> fields = new ArrayList<>();
    in.object(
        field -> {
          switch (field) {
            case "matchExpressions" -> in.array(() -> expressions.add(requirement(in)));
            case "matchFields" -> in.array(() -> fields.add(requirement(in)));
            default -> in.skip();
          }
        });
    return new NodeSelectorTerm(List.copyOf(expressions), List.copyOf(fields));
  }

  private static Requirement requirement(TolerantReader in) throws IOException {
    Draft draft = new Draft();
    in.object(field -> draft.field(in, field));
    return draft.requirement();
  }

  private static final class Draft {
    private final List<String> values = new ArrayList<>();
    private String key = "";
    private String operator = "";

    void field(TolerantReader in, String field) throws IOException {
      switch (field) {
        case "key" -> key = in.string();
        case "operator" -> operator = in.string();
        case "values" -> in.array(() -> values.add(in.string()));
        default -> in.skip();
      }
    }

    Requirement requirement() {
      return switch (operator) {
        case "In" -> new Requirement(key, Operator.IN, values);
        case "NotIn" -> new Requirement(key, Operator.NOT_IN, values);
        case "Exists" -> new Requirement(key, Operator.EXISTS, values);
        case "DoesNotExist" -> new Requirement(key, Operator.DOES_NOT_EXIST, values);
        case "Gt" -> new Requirement(key, Operator.GT, values);
        case "Lt" -> new Requirement(key, Operator.LT, values);
        // As in Kubernetes: a term with an unknown operator matches nothing.
        default -> new Requirement(key, Operator.IN, List.of());
      };
    }
  }
}
