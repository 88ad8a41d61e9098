// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.node.PodView;
import io.nodeqos.node.SpinnerKey;
import io.nodeqos.node.SpinnerPod;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Pod to {@link SpinnerPod}. */
public final class SpinnerPodCodec implements Codec<SpinnerPod> {
  private final Interning interning;

  public SpinnerPodCodec(Interning interning) {
    this.interning = interning;
  }

  @Override
  public SlimObject<SpinnerPod> decode(TolerantReader in) throws IOException {
    Draft draft = new Draft(in);
    in.requiredObject("a Pod", draft::root);
    return draft.meta.with(draft.view());
  }

  @Override
  public Optional<ProtobufMessage> protobuf() {
    return Optional.of(KubernetesMessages.POD);
  }

  private final class Draft {
    private final TolerantReader in;
    private final MetaDraft meta;
    private String nodeName = "";
    private final Set<String> images = new HashSet<>();
    private Instant firstStart = ContainersDraft.State.NONE;
    private String phase = "";
    private boolean ready;
    private Instant readySince = Instant.EPOCH;
    private String reason = "";
    private String message = "";

    Draft(TolerantReader in) {
      this.in = in;
      this.meta = new MetaDraft(in, key -> false);
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
      switch (field) {
        case "nodeName" -> nodeName = interning.string(in.string());
        case "volumes" -> ImageVolumes.read(in, images);
        default -> in.skip();
      }
    }

    private void status(String field) throws IOException {
      switch (field) {
        case "phase" -> phase = interning.string(in.string());
        case "conditions" -> in.array(this::condition);
        case "containerStatuses" -> in.array(this::containerStatus);
        default -> in.skip();
      }
    }

    private void condition() throws IOException {
      ConditionDraft condition = new ConditionDraft(in, interning);
      in.object(condition::field);
      if (condition.type.equals("Ready")) {
        ready = condition.status.equals("True");
        readySince = ready ? condition.lastTransitionTime : Instant.EPOCH;
      }
    }

    private void containerStatus() throws IOException {
      ContainersDraft.State state = new ContainersDraft.State(in);
      in.object(
          field -> {
            if (field.equals("state")) {
              in.object(kind -> state(kind, state));
            } else {
              in.skip();
            }
          });
      firstStart = state.firstStart(firstStart);
    }

    private void state(String kind, ContainersDraft.State state) throws IOException {
      if (kind.equals("waiting")) {
        in.object(this::waiting);
      } else {
        state.field(kind);
      }
    }

    private void waiting(String field) throws IOException {
      switch (field) {
        case "reason" -> reason = interning.string(orElse(in.string(), reason));
        case "message" -> message = orElse(in.string(), message);
        default -> in.skip();
      }
    }

    /** An unset field is absent in JSON and empty in protobuf. */
    private static String orElse(String text, String before) {
      return text.isEmpty() ? before : text;
    }

    SpinnerPod view() {
      return new SpinnerPod(
          new SpinnerPod.Meta(
              interning.string(meta.namespace), meta.name, meta.uid, meta.createdAt),
          nodeName,
          interning.string(SpinnerKey.of(meta.labels.getOrDefault(Keys.SPINNER, "")).policy()),
          interning.string(meta.labels.getOrDefault(Keys.PULL_VERSION, "")),
          interning.set(images),
          new PodView.State(
              phase, ready, readySince, ContainersDraft.State.orEpoch(firstStart), meta.deleting),
          new SpinnerPod.Waiting(reason, message));
    }
  }
}
