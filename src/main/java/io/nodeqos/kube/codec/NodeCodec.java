// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeAnnotations;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Node to {@link NodeView}: about a kilobyte of what is often more than thirty. */
public final class NodeCodec implements Codec<NodeView> {
  /** The condition by which a kubelet says when it has reported. */
  static final String READY = "Ready";

  private final Interning interning;
  private final Predicate<String> annotations;

  /**
   * Decodes the annotations that {@link NodeAnnotations} names.
   *
   * @param extraAnnotations see there
   */
  public NodeCodec(Interning interning, Set<String> extraAnnotations) {
    this.interning = interning;
    this.annotations = new NodeAnnotations(extraAnnotations);
  }

  @Override
  public SlimObject<NodeView> decode(TolerantReader in) throws IOException {
    Draft draft = new Draft(in);
    in.requiredObject("a Node", draft::root);
    return draft.meta.with(draft.view());
  }

  @Override
  public Optional<ProtobufMessage> protobuf() {
    return Optional.of(KubernetesMessages.NODE);
  }

  @Override
  public Optional<Sighting<NodeView>> sight(TolerantReader in) throws IOException {
    NodeSighting sighting = new NodeSighting(in);
    in.requiredObject("a Node", sighting::root);
    sighting.check();
    return Optional.of(sighting);
  }

  private final class Draft {
    private final TolerantReader in;
    private final MetaDraft meta;
    private final List<Taint> taints = new ArrayList<>();
    private final Map<String, NodeCondition> conditions = new HashMap<>();
    private final Set<String> images = new HashSet<>();
    private final Quantities capacity = new Quantities();
    private final Quantities allocatable = new Quantities();
    private Instant statusReportedAt = Instant.EPOCH;
    private Instant conditionWrittenAt = Instant.EPOCH;
    private String bootId = "";
    private String kubeletVersion = "";
    private String osImage = "";

    Draft(TolerantReader in) {
      this.in = in;
      this.meta = new MetaDraft(in, annotations);
    }

    void root(String field) throws IOException {
      switch (field) {
        case "metadata" -> meta.read();
        case "spec" -> in.object(this::spec);
        case "status" -> in.object(this::status);
        default -> in.skip();
      }
    }

    private void spec(String field) throws IOException {
      if (field.equals("taints")) {
        in.array(() -> Taints.read(in).ifPresent(t -> taints.add(interning.value(t))));
      } else {
        in.skip();
      }
    }

    private void status(String field) throws IOException {
      switch (field) {
        case "capacity" -> capacity.read(in);
        case "allocatable" -> allocatable.read(in);
        case "conditions" -> in.array(this::condition);
        case "images" -> in.array(() -> in.object(this::image));
        case "nodeInfo" -> in.object(this::nodeInfo);
        default -> in.skip();
      }
    }

    private void condition() throws IOException {
      ConditionDraft draft = new ConditionDraft(in, interning);
      in.object(draft::field);
      if (!draft.type.isEmpty()) {
        conditions.put(draft.type, draft.condition());
      }
      if (draft.type.equals(READY)) {
        statusReportedAt = draft.lastHeartbeatTime;
      } else if (draft.type.equals(Keys.WARMED_UP_CONDITION)) {
        conditionWrittenAt = draft.lastHeartbeatTime;
      }
    }

    private void image(String field) throws IOException {
      if (field.equals("names")) {
        in.array(
            () -> {
              String name = in.string();
              if (!name.isEmpty()) {
                images.add(interning.string(name));
              }
            });
      } else {
        in.skip();
      }
    }

    private void nodeInfo(String field) throws IOException {
      switch (field) {
        case "bootID" -> bootId = in.string();
        case "kubeletVersion" -> kubeletVersion = in.string();
        case "osImage" -> osImage = in.string();
        default -> in.skip();
      }
    }

    NodeView view() {
      return new NodeView(
          new NodeView.Meta(
              meta.name,
              meta.uid,
              meta.resourceVersion,
              meta.createdAt,
              meta.deleting,
              statusReportedAt,
              conditionWrittenAt),
          interning.ownValues(meta.labels),
          interning.ownValues(meta.annotations),
          interning.list(taints),
          new NodeView.Status(
              interning.map(capacity.all()),
              interning.map(allocatable.all()),
              conditions,
              interning.set(images),
              bootId,
              interning.value(new NodeView.Software(kubeletVersion, osImage))));
    }
  }
}
