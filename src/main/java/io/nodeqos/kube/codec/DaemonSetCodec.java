// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.DaemonSetView.NodeSelectorTerm;
import io.nodeqos.node.DaemonSetView.Placement;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import io.nodeqos.node.value.Toleration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** DaemonSet to {@link DaemonSetView}. */
public final class DaemonSetCodec implements Codec<DaemonSetView> {
  private static final Predicate<String> NONE = key -> false;
  private static final Predicate<String> ALL = key -> true;

  private final Interning interning;

  public DaemonSetCodec(Interning interning) {
    this.interning = interning;
  }

  @Override
  public SlimObject<DaemonSetView> decode(TolerantReader in) throws IOException {
    Draft draft = new Draft(in);
    in.requiredObject("a DaemonSet", draft::root);
    return draft.meta.with(draft.view());
  }

  @Override
  public Optional<ProtobufMessage> protobuf() {
    return Optional.of(KubernetesMessages.DAEMON_SET);
  }

  private final class Draft {
    private final TolerantReader in;
    private final MetaDraft meta;
    private final MetaDraft template;
    private String nodeName = "";
    private final Map<String, String> nodeSelector = new HashMap<>();
    private Optional<List<NodeSelectorTerm>> affinityTerms = Optional.empty();
    private final List<Toleration> tolerations = new ArrayList<>();

    Draft(TolerantReader in) {
      this.in = in;
      this.meta = new MetaDraft(in, NONE);
      this.template = new MetaDraft(in, NONE);
    }

    void root(String field) throws IOException {
      switch (field) {
        case "metadata" -> meta.read();
        case "spec" -> in.object(this::spec);
        default -> in.skip();
      }
    }

    private void spec(String field) throws IOException {
      if (field.equals("template")) {
        in.object(this::template);
      } else {
        in.skip();
      }
    }

    private void template(String field) throws IOException {
      switch (field) {
        case "metadata" -> template.read();
        case "spec" -> in.object(this::podSpec);
        default -> in.skip();
      }
    }

    private void podSpec(String field) throws IOException {
      switch (field) {
        case "nodeName" -> nodeName = in.string();
        case "nodeSelector" -> in.strings(ALL, nodeSelector);
        case "tolerations" -> Tolerations.read(in, tolerations);
        case "affinity" -> in.object(this::affinity);
        default -> in.skip();
      }
    }

    private void affinity(String field) throws IOException {
      if (field.equals("nodeAffinity")) {
        in.object(this::nodeAffinity);
      } else {
        in.skip();
      }
    }

    private void nodeAffinity(String field) throws IOException {
      if (field.equals("requiredDuringSchedulingIgnoredDuringExecution")) {
        affinityTerms = NodeSelectorTerms.read(in);
      } else {
        in.skip();
      }
    }

    DaemonSetView view() {
      return new DaemonSetView(
          interning.string(meta.namespace),
          meta.name,
          meta.uid,
          meta.deleting,
          interning.map(template.labels),
          new Placement(interning.map(nodeSelector), terms(), interning.list(tolerations)));
    }

    /** A pod template with a node's name has pods on that node alone, where its terms match too. */
    private Optional<List<NodeSelectorTerm>> terms() {
      if (nodeName.isEmpty()) {
        return affinityTerms;
      }
      Requirement isNode = new Requirement("metadata.name", Operator.IN, List.of(nodeName));
      return Optional.of(
          affinityTerms
              .map(
                  terms ->
                      terms.stream().filter(t -> !t.isEmpty()).map(t -> t.and(isNode)).toList())
              .orElse(List.of(new NodeSelectorTerm(List.of(), List.of(isNode)))));
    }
  }
}
