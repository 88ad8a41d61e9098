// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.PodView;
import io.nodeqos.node.value.Toleration;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Pod to {@link PodView}. */
public final class PodCodec implements Codec<PodView> {
  private static final Predicate<String> NO_ANNOTATIONS = key -> false;

  private final Interning interning;

  public PodCodec(Interning interning) {
    this.interning = interning;
  }

  @Override
  public SlimObject<PodView> decode(TolerantReader in) throws IOException {
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
    private final RequestsDraft requests;
    private final ContainersDraft containers;
    private String nodeName = "";
    private String phase = "";
    private boolean ready;
    private Instant readySince = Instant.EPOCH;
    private final List<Toleration> tolerations = new ArrayList<>();

    Draft(TolerantReader in) {
      this.in = in;
      this.meta = new MetaDraft(in, NO_ANNOTATIONS);
      this.requests = new RequestsDraft(in);
      this.containers = new ContainersDraft(in, interning, requests);
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
        case "tolerations" -> Tolerations.read(in, tolerations);
        case "containers" -> requests.containers();
        case "initContainers" -> requests.initContainers();
        case "overhead" -> requests.overhead();
        case "resources" -> requests.podLevel();
        default -> in.skip();
      }
    }

    private void status(String field) throws IOException {
      switch (field) {
        case "phase" -> phase = interning.string(in.string());
        case "conditions" -> in.array(this::condition);
        case "containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses" ->
            in.array(containers::read);
        case "resources" -> requests.podInForce();
        case "allocatedResources" -> requests.podGranted();
        default -> in.skip();
      }
    }

    private void condition() throws IOException {
      ConditionDraft condition = new ConditionDraft(in, interning);
      in.object(condition::field);
      requests.condition(condition.type, condition.reason);
      if (condition.type.equals("Ready")) {
        ready = condition.status.equals("True");
        readySince = ready ? condition.lastTransitionTime : Instant.EPOCH;
      }
    }

    PodView view() {
      return new PodView(
          new PodView.Meta(
              interning.string(meta.namespace),
              meta.name,
              meta.uid,
              meta.resourceVersion,
              meta.createdAt),
          nodeName,
          interning.string(meta.ownerUid),
          interning.map(meta.labels),
          new PodView.State(phase, ready, readySince, containers.startedAt(), meta.deleting),
          interning.value(requests.effective()),
          interning.list(tolerations),
          interning.set(containers.images()));
    }
  }
}
